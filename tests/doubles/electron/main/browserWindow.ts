import { EventEmitter } from 'node:events';
import type { WindowDeed, WindowNews } from '../wire.ts';
import { answer, fromDesktop, Preventable, toDesktop } from './line.ts';

interface Options {
  readonly width?: number;
  readonly height?: number;
  readonly show?: boolean;
  readonly webPreferences?: { readonly preload?: string };
}

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

let lastId = 0;
const windows = new Map<number, BrowserWindow>();
const made = new EventEmitter<{ made: [WebContents]; 'all-closed': [] }>();

export class WebContents extends EventEmitter {
  readonly id: number;
  readonly mainFrame = { url: '' };
  openHandler: WindowOpenHandler = () => ({ action: 'allow' });
  loading = false;
  crashed = false;

  constructor(id: number) {
    super();
    this.id = id;
  }

  isLoading = (): boolean => this.loading;
  isCrashed = (): boolean => this.crashed;
  isDestroyed = (): boolean => !windows.has(this.id);
  send = (channel: string, ...args: readonly unknown[]): void =>
    toDesktop({ type: 'send', id: this.id, channel, args });
  startDrag = ({ file, files }: { file: string; files?: readonly string[] }): void =>
    toDesktop({ type: 'dragged', files: files ?? [file] });
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }
  getURL = (): string => this.mainFrame.url;

  async loadURL(url: string): Promise<void> {
    this.#begin();
    toDesktop({ type: 'load', id: this.id, url });
  }

  reload(): void {
    this.#begin();
    toDesktop({ type: 'deed', id: this.id, deed: 'reload' });
  }

  #begin(): void {
    this.loading = true;
    this.crashed = false;
    this.emit('did-navigate');
  }
}

export class BrowserWindow extends EventEmitter {
  readonly id: number;
  readonly webContents: WebContents;
  #visible: boolean;
  #focused = false;
  #minimized = false;

  constructor(options: Options = {}) {
    super();
    lastId += 1;
    this.id = lastId;
    this.webContents = new WebContents(this.id);
    this.#visible = options.show !== false;
    windows.set(this.id, this);
    const { width = 800, height = 600, webPreferences } = options;
    toDesktop({ type: 'window', made: { id: this.id, width, height, preload: webPreferences?.preload ?? '' } });
    made.emit('made', this.webContents);
  }

  static getAllWindows = (): BrowserWindow[] => [...windows.values()];
  static onMade = (listener: (contents: WebContents) => void): unknown => made.on('made', listener);
  static onAllClosed = (listener: () => void): unknown => made.on('all-closed', listener);

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  isVisible = (): boolean => this.#visible && !this.#minimized;
  isMinimized = (): boolean => this.#minimized;
  isFocused = (): boolean => this.#focused;
  isDestroyed = (): boolean => !windows.has(this.id);

  show(): void {
    this.#visible = true;
    this.#focused = true;
    this.#do('show');
  }
  hide(): void {
    this.#visible = false;
    this.#focused = false;
    this.#do('hide');
  }
  minimize(): void {
    this.#minimized = true;
    this.#focused = false;
    this.#do('minimize');
  }
  restore(): void {
    this.#minimized = false;
    this.#do('restore');
  }
  focus(): void {
    this.#focused = true;
    this.#do('focus');
  }

  close(): void {
    const event = new Preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (!windows.delete(this.id)) return;
    this.#do('destroy');
    this.emit('closed');
    if (windows.size === 0) made.emit('all-closed');
  }

  heard(news: WindowNews): void {
    if (news === 'close') this.close();
    else if (news === 'blur' || news === 'focus') this.#focused = news === 'focus';
    else if (news === 'did-finish-load') {
      this.webContents.loading = false;
      this.webContents.emit(news);
    } else if (news === 'crashed') {
      this.webContents.crashed = true;
      this.webContents.loading = false;
      this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
    } else this.emit(news);
  }

  #do(deed: WindowDeed): void {
    toDesktop({ type: 'deed', id: this.id, deed });
  }
}

fromDesktop.on('news', ({ id, news }) => windows.get(id)?.heard(news));
fromDesktop.on('navigate', ({ ask, id, url, main }) =>
  answer(ask, () => {
    const contents = windows.get(id)?.webContents;
    if (contents === undefined) return false;
    const event = Object.assign(new Preventable(), { url, isMainFrame: main });
    contents.emit('will-frame-navigate', event);
    if (main) contents.emit('will-navigate', event, url);
    if (main && !event.defaultPrevented) contents.emit('did-navigate');
    return !event.defaultPrevented;
  }),
);
fromDesktop.on('open-window', ({ ask, id, url }) =>
  answer(ask, () => windows.get(id)?.webContents.openHandler({ url }).action === 'allow'),
);

export const contentsOf = (id: number): WebContents | undefined => windows.get(id)?.webContents;
