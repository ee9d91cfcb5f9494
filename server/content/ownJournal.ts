import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../fileLock.ts';
import { journalFolder } from './journal.ts';

/** The journal of this process, and those that processes have left which are no more. */
export interface OwnJournal {
  readonly folder: string;
  readonly left: readonly string[];
  /** What others have left is completed: their journals are free for the next. */
  completed(): void;
  release(): void;
}

/** Copies of a server that may share a data folder. */
const MOST = 64;

/**
 * Each copy of a server that shares a data folder has a journal of its own, by a number that nobody else holds: what is
 * in another's may be on its way still.
 */
export async function ownJournal(data: string, shared: boolean): Promise<OwnJournal> {
  const folders = Array.from({ length: shared ? MOST : 1 }, (_, n) =>
    n === 0 ? journalFolder(data) : join(data, `journal-${n}`),
  );
  if (!shared)
    return { folder: journalFolder(data), left: folders, completed: () => undefined, release: () => undefined };
  const there = new Set((await readdir(data)).map((name) => join(data, name)));
  let own: { folder: string; release: () => void } | undefined;
  const left: string[] = [];
  const others: (() => void)[] = [];
  for (const folder of folders) {
    if (own && !there.has(folder)) continue;
    const release = takeLock(`${folder}.lock`, 'alone');
    if (!release) continue;
    left.push(folder);
    if (own) others.push(release);
    else own = { folder, release };
  }
  if (!own) throw new Error(`More than ${MOST} copies of the server share ${data}.`);
  await mkdir(own.folder, { recursive: true, mode: 0o700 });
  return {
    folder: own.folder,
    left,
    completed: () => {
      for (const each of others.splice(0)) each();
    },
    release: own.release,
  };
}
