import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { KiB } from '../../shared/bytes.ts';
import type { UploadId } from '../../shared/ids.ts';
import { diskFull } from '../diskFull.ts';
import { CheckingThread } from './checking/thread.ts';
import { diskReader } from './diskReader.ts';
import { diskReserve, diskRoom } from './diskRoom.ts';
import { isMissing, syncFiles, syncFolder } from './durable.ts';
import { openJournal, replay } from './journal.ts';
import { ownJournal } from './ownJournal.ts';
import { smallReader } from './readSmall.ts';
import { ReceivingThread } from './receiving/thread.ts';
import { stagedFile } from './staged.ts';
import type { ContentStore, ObjectKey, ReadStored, SmallObject, StagedObject } from './store.ts';
import { PartsUnderWay } from './underWay.ts';

/** Longest time in ms that writing small files may keep the event loop from others. */
const SLICE_MS = 5;
/** What file systems hand out at least. */
const BLOCK_BYTES = 4 * KiB;

export interface DiskOptions {
  readonly data: string;
  /** Other copies of the server may have the same folder. */
  readonly shared?: boolean;
  /** Which of these objects the database knows; asked for what a crash has left in the journal. */
  readonly recorded: (keys: readonly ObjectKey[]) => Promise<ReadonlySet<ObjectKey>>;
  /** Hears of faults that no request waits for. */
  readonly fault: (error: unknown) => void;
  /** Reads what an upload copies from, which may lie in another store; default: all of it lies here. */
  readonly readStored?: ReadStored;
}

/** Keeps each object as a file of its own below `<data>/users`. */
export async function diskStore({
  data,
  shared = false,
  recorded,
  fault,
  readStored,
}: DiskOptions): Promise<ContentStore> {
  const folder = join(data, 'staging');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const folders = new Set<string>();
  const receiving = new ReceivingThread();
  const checking = new CheckingThread();
  const underWay = new PartsUnderWay(() => diskRoom(data));
  const readSmall = smallReader();
  const pathOf = (key: ObjectKey): string => join(data, key);

  /** Makes the folder of a key, durably, once. */
  const prepareFolder = async (key: ObjectKey): Promise<void> => {
    const folder = dirname(pathOf(key));
    if (folders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let parent = dirname(folder); parent.startsWith(data); parent = dirname(parent)) await syncFolder(parent);
    folders.add(folder);
  };

  const remove = async (keys: readonly ObjectKey[]): Promise<void> => {
    for (const key of keys) await unlinkIfThere(pathOf(key));
  };

  const own = await ownJournal(data, shared);
  const restore = async (objects: readonly SmallObject[]): Promise<void> => {
    const known = await recorded(objects.map((object) => object.key));
    for (const object of objects) {
      if (!known.has(object.key)) await remove([object.key]);
      else if (!(await holds(pathOf(object.key), object.bytes))) {
        await prepareFolder(object.key);
        await rewrite(pathOf(object.key), object.bytes);
      }
    }
    await syncFiles([...known].map(pathOf));
  };
  for (const folder of own.left) await replay(folder, restore);
  own.completed();
  const journal = await openJournal(own.folder, (keys) => syncFiles(keys.map(pathOf)), fault);

  const { read, sizeOf, olderThan } = diskReader(data);
  const copied: ReadStored = readStored ?? (({ key }, start, length) => read(key, start, length));

  const home = { pathOf, prepareFolder, underWay, receiving, checking, readStored: copied };
  const staged = (id: UploadId): StagedObject => stagedFile(join(folder, id), home);

  return {
    name: 'disk',

    read,

    sizeOf,

    readWhole: (key, size) => readSmall(pathOf(key), size),

    async putSmall(objects) {
      if (objects.length === 0) return;
      await checkRoom(data, objects);
      for (const object of objects) await prepareFolder(object.key);
      const written = writeFiles(objects, pathOf);
      const outcomes = await Promise.allSettled([written, journal.append(objects, written)]);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) {
        await remove(objects.map((object) => object.key));
        throw failed.reason;
      }
    },

    room: () => diskRoom(data),
    olderThan,
    remove,
    async copy(from, key, size) {
      const fresh = staged(uuid() as UploadId);
      const part = { part: 0, offset: 0, length: size, copies: [{ from, start: 0, length: size, position: 0 }] };
      try {
        await fresh.fill(part, true, new AbortController().signal);
        await fresh.publish(key, size);
      } catch (error) {
        await fresh.discard();
        throw error;
      }
    },

    staged,
    stagedIds: () => readdir(folder),
    async close() {
      await checking.close();
      await receiving.close();
      await journal.close();
      own.release();
    },
  };
}

/**
 * Writes new files. Synchronously, because for small files that takes half the processor time of going through the
 * thread pool; in slices, because others wait.
 */
async function writeFiles(objects: readonly SmallObject[], pathOf: (key: ObjectKey) => string): Promise<void> {
  let begun = performance.now();
  for (const { key, bytes } of objects) {
    const file = openSync(pathOf(key), 'wx', 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
    if (performance.now() - begun > SLICE_MS) {
      await setImmediate();
      begun = performance.now();
    }
  }
}

/** They are written twice, once into the journal. Half of the reserve is open to them: small files still go. */
async function checkRoom(data: string, objects: readonly SmallObject[]): Promise<void> {
  const bytes = objects.reduce((sum, object) => sum + Math.ceil(object.bytes.length / BLOCK_BYTES) * BLOCK_BYTES, 0);
  if ((await diskRoom(data)) + diskReserve(data) / 2 < 2 * bytes) throw diskFull();
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes.length && (await readFile(path)).equals(bytes);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function rewrite(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
