import { execFile } from 'node:child_process';

/** Asks the desktop's message bus whether somebody answers to a name; rejects when there is no bus. */
export type AskBus = (name: string) => Promise<boolean>;

/** What shows trays on Linux desktops. GNOME has none unless an extension brings it. */
const TRAY_SERVICE = 'org.kde.StatusNotifierWatcher';

/** Whether a tray would be seen. Without one, a closed window would have no way back. */
export async function hasTray(platform: NodeJS.Platform, askBus: AskBus = nameHasOwner): Promise<boolean> {
  if (platform !== 'linux') return true;
  return askBus(TRAY_SERVICE).catch(() => false);
}

const nameHasOwner: AskBus = (name) =>
  new Promise((answer, failed) => {
    const bus = ['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
    const question = ['org.freedesktop.DBus.NameHasOwner', `string:${name}`];
    execFile('dbus-send', [...bus, ...question], { timeout: 2_000 }, (error, stdout) => {
      if (error) failed(error);
      else answer(stdout.includes('true'));
    });
  });
