import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './durable.ts';
import type { ObjectKey, StoredFile } from './store.ts';

const AT_A_TIME = 500;
/** As objectKey makes them; whatever else lies there is somebody else's. */
const OBJECT_FILE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(\.[0-9a-z]+)?$/;

const OBJECT_KEY = /^users\/[^/]+\/(?!thumbnails\/)[^/]+\/([^/]+)$/;

/** The id of the object that a key was made for; undefined: objectKey makes no such key. */
export const idOfObject = (key: ObjectKey): string | undefined =>
  OBJECT_FILE.exec(OBJECT_KEY.exec(key)?.[1] ?? '')?.[1];

/** The object files below `<data>/users` that were last written before this, Unix ms. */
export async function* filesOlderThan(data: string, before: number): AsyncGenerator<readonly StoredFile[]> {
  let found: StoredFile[] = [];
  for await (const user of folders(data, 'users')) {
    for await (const type of folders(data, user)) {
      for await (const entry of await opendir(join(data, type))) {
        const [, id] = OBJECT_FILE.exec(entry.name) ?? [];
        const key = `${type}/${entry.name}`;
        if (!id || !entry.isFile() || !((await writtenAt(join(data, key))) < before)) continue;
        found.push({ key, id });
        if (found.length < AT_A_TIME) continue;
        yield found;
        found = [];
      }
    }
  }
  if (found.length > 0) yield found;
}

async function* folders(data: string, inside: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(join(data, inside))) {
      if (entry.isDirectory()) yield `${inside}/${entry.name}`;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** NaN for one that is gone. */
async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Number.NaN;
    throw error;
  }
}
