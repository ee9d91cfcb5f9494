import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SYSTEM_PACKAGES } from './systemPackages.ts';

const SCRIPT = join(import.meta.dirname, 'installSystemPackages.ts');
const run = (path: string): string =>
  execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8', env: { PATH: path } });

test('where nothing can be installed, each group of tests that is skipped is named, with what it needs', () => {
  const lines = run('/nowhere').trim().split('\n');
  expect(lines).toHaveLength(SYSTEM_PACKAGES.length);
  expect(lines[0]).toBe(
    'Skipped: thumbnails and facts of videos and sounds, because ffmpeg is not installed. On Debian: apt-get install ffmpeg',
  );
});
