import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../engine/disk/filesystem.ts';
import { IGNORE_FILE } from '../engine/scan/ignore.ts';
import type { ControlIgnore } from './controlContract.ts';

/** Adds a line to the folder's ignore file, which is made if missing; what is there stays as it is. */
export async function addPattern(folder: string, wanted: string): Promise<ControlIgnore> {
  const pattern = wanted.trim();
  const answer = { pattern, added: false, refused: null };
  if (pattern === '' || pattern.startsWith('#') || /[\r\n\0]/.test(pattern)) {
    return { ...answer, refused: 'That is not a pattern: write it like “*.log” or “build/”.' };
  }
  const path = join(folder, IGNORE_FILE);
  try {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    if (text.split(/\r?\n/).some((line) => line.trim() === pattern)) return answer;
    await appendFile(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${pattern}\n`);
    return { ...answer, added: true };
  } catch (error) {
    const refused = `${IGNORE_FILE} cannot be written (${errorCode(error) ?? 'no reason given'}): check its permissions.`;
    return { ...answer, refused };
  }
}
