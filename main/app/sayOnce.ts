import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says something the first time on this computer; `folder` remembers by its name that it has been said. */
export function sayOnce(folder: string, name: string, say: () => void): void {
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, `said-${name}`), '', { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  say();
}
