import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where and how a Linux desktop is told to start the app when its person signs in. */
export interface LoginEntry {
  readonly path: string;
  readonly text: string;
}

/** `executable`: what is to be started; an AppImage names itself in APPIMAGE, since what runs is a mount of it. */
export function loginEntry(env: NodeJS.ProcessEnv, executable: string): LoginEntry {
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Driftless',
    'Comment=Keeps a folder the same everywhere',
    `Exec=${quoted(env.APPIMAGE || executable)} --hidden`,
    'Icon=driftless',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return { path: join(config, 'autostart', 'driftless.desktop'), text: `${lines.join('\n')}\n` };
}

/** Writes or removes the entry; removing one that is not there is done already. */
export async function setLoginEntry({ path, text }: LoginEntry, on: boolean): Promise<void> {
  if (!on) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** As the desktop entry specification has it: in double quotes, with these escaped, and % doubled. */
const quoted = (path: string): string => `"${path.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
