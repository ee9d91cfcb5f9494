import { EventEmitter } from 'node:events';
import type { ShownTray } from '../wire.ts';
import { fromDesktop, toDesktop } from './line.ts';
import type { NativeImage } from './nativeImage.ts';

interface Template {
  readonly type?: string;
  readonly label?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
}

export class Menu {
  readonly items: readonly Template[];

  constructor(items: readonly Template[]) {
    this.items = items;
  }

  static buildFromTemplate = (template: readonly Template[]): Menu => new Menu(template);
  static setApplicationMenu = (_menu: Menu | null): void => undefined;
}

export class Tray extends EventEmitter {
  #image: NativeImage;
  #tooltip = '';
  #menu = new Menu([]);

  constructor(image: NativeImage) {
    super();
    if (image.isEmpty()) throw new Error(`There is no picture at ${image.path}`);
    this.#image = image;
    fromDesktop.on('tray-click', () => this.emit('click'));
    fromDesktop.on('menu', ({ index }) => this.#menu.items[index]?.click?.());
    this.#shown();
  }

  setImage(image: NativeImage): void {
    this.#image = image;
    this.#shown();
  }
  setToolTip(tooltip: string): void {
    this.#tooltip = tooltip;
    this.#shown();
  }
  setContextMenu(menu: Menu): void {
    this.#menu = menu;
    this.#shown();
  }
  destroy(): void {
    toDesktop({ type: 'tray', tray: null });
  }

  #shown(): void {
    const menu = this.#menu.items.map(({ type, label = '', enabled = true }) => ({
      type: type === 'separator' ? ('separator' as const) : ('line' as const),
      label,
      enabled,
    }));
    const tray: ShownTray = { image: this.#image.path, tooltip: this.#tooltip, menu };
    toDesktop({ type: 'tray', tray });
  }
}
