import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { TrayAction, TrayIcon, TrayPicture } from './picture.ts';
import { type DrawnTray, openTray } from './tray.ts';

/** Where the icons lie, seen from the built program: out/main. */
const ICONS = join(import.meta.dirname, '..', '..', 'main', 'app', 'icons', 'png');

/** The tray of this desktop; null where it has no place for one. */
export function systemTray(first: TrayPicture, act: (action: TrayAction) => void): DrawnTray | null {
  try {
    return openTray(
      {
        createTray: (image) => new Tray(image),
        buildMenu: (template) => Menu.buildFromTemplate(template),
        image: (icon) => nativeImage.createFromPath(iconFile(icon, process.platform)),
        act,
      },
      first,
    );
  } catch {
    return null;
  }
}

/** macOS colours a picture itself when its name says that it is a template. */
export const iconFile = (icon: TrayIcon, platform: NodeJS.Platform): string =>
  join(ICONS, `tray-${icon}${platform === 'darwin' ? '-Template' : ''}.png`);
