import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether the desktop app can run here; if not, why, as a clause. */
export type DesktopRuntime =
  | { readonly found: true; readonly executable: string }
  | { readonly found: false; readonly why: string };

interface Computer {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly root: boolean;
}

const thisComputer: Computer = { platform: process.platform, env: process.env, root: process.getuid?.() === 0 };

/** Whether somebody looks at a screen of this computer. */
export const hasDisplay = ({ platform, env }: Computer = thisComputer): boolean =>
  platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** Looks for the Electron runtime in a checkout without loading it: loading would begin a download. */
export function findDesktopRuntime(checkout: string, computer: Computer = thisComputer): DesktopRuntime {
  const electron = join(checkout, 'node_modules', 'electron');
  const executable = executableIn(electron);
  if (executable === undefined) return { found: false, why: 'the Electron runtime is not installed' };
  if (computer.platform === 'linux') {
    if (!hasDisplay(computer)) return { found: false, why: 'there is no display here' };
    if (computer.root) return { found: false, why: 'the window does not open for root' };
  }
  return { found: true, executable };
}

function executableIn(electron: string): string | undefined {
  try {
    const path = join(electron, 'dist', readFileSync(join(electron, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
