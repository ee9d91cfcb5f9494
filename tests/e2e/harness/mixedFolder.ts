import { chmodSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { KiB, MiB } from '../../../shared/bytes.ts';
import { fractions, writeRandomFile } from './random.ts';

const EXTENSIONS = ['jpg', 'mp4', 'wav', 'blend', 'psd', 'pdf', 'txt', 'bin', ''] as const;
const FILES_PER_FOLDER = 40;
/** Well in the past, so that no file counts as being written right now. */
const OLDEST_MS = Date.UTC(2026, 0, 1);
const SPAN_MS = 200 * 24 * 3600 * 1000;

/**
 * Fills a folder with files as creators have them: mostly small, a few of some MiB, some empty, nested folders, odd
 * names, executables and times all over a year. The same for the same seed.
 */
export function fillMixedFolder(folder: string, count: number, seed: string): void {
  const fraction = fractions(seed);
  for (let i = 0; i < count; i += 1) {
    const shelf = Math.floor(i / FILES_PER_FOLDER);
    const extension = EXTENSIONS[i % EXTENSIONS.length] ?? '';
    const name = `${i % 7 === 0 ? `Bild Größe ${i} 🎬` : `file-${i}`}${extension && '.'}${extension}`;
    const path = join(folder, `shelf ${shelf % 5}`, ...(shelf % 3 === 0 ? [] : [`box-${shelf}`]), name);
    writeRandomFile(path, sizeOf(i, fraction()), `${seed}/${i}`);
    if (i % 11 === 0) chmodSync(path, 0o755);
    const mtime = new Date(OLDEST_MS + Math.floor(fraction() * SPAN_MS));
    utimesSync(path, mtime, mtime);
  }
  mkdirSync(join(folder, 'empty', 'within empty'), { recursive: true });
}

function sizeOf(index: number, fraction: number): number {
  if (index % 97 === 0) return 0;
  if (index % 500 === 250) return Math.round((2 + 6 * fraction) * MiB);
  if (index % 50 === 25) return Math.round((200 + 400 * fraction) * KiB);
  return Math.round(1 + 24 * KiB * fraction * fraction);
}
