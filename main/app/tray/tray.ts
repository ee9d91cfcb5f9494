import { isDeepStrictEqual } from 'node:util';
import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { TrayAction, TrayIcon, TrayPicture } from './picture.ts';

/** Of Electron, what a tray is made with. */
export interface TrayParts {
  /** Throws where the desktop has no place for one. */
  createTray(image: NativeImage): Tray;
  buildMenu(template: MenuItemConstructorOptions[]): Menu;
  image(icon: TrayIcon): NativeImage;
  act(action: TrayAction): void;
}

/** The icon beside the clock. */
export interface DrawnTray {
  /** Shows this picture; the same one again costs nothing. */
  draw(picture: TrayPicture): void;
  remove(): void;
}

export function openTray({ createTray, buildMenu, image, act }: TrayParts, first: TrayPicture): DrawnTray {
  const tray = createTray(image(first.icon));
  let shown: TrayPicture | null = null;

  const draw = (picture: TrayPicture): void => {
    if (shown !== null && picture.icon !== shown.icon) tray.setImage(image(picture.icon));
    if (picture.tooltip !== shown?.tooltip) tray.setToolTip(picture.tooltip);
    // A menu cannot be changed once it is set, and on Linux a click shows the one that was set last.
    if (!isDeepStrictEqual(picture.menu, shown?.menu)) tray.setContextMenu(buildMenu(templateOf(picture, act)));
    shown = picture;
  };
  tray.on('click', () => act({ do: 'open', what: { show: 'library' } }));
  draw(first);
  return { draw, remove: () => tray.destroy() };
}

const templateOf = ({ menu }: TrayPicture, act: (action: TrayAction) => void): MenuItemConstructorOptions[] =>
  menu.map((line) => {
    if (line.type === 'separator') return { type: 'separator' };
    const { label, action } = line;
    // An ampersand would underline the letter after it.
    return { label: label.replaceAll('&', '&&'), ...(action ? { click: () => act(action) } : { enabled: false }) };
  });
