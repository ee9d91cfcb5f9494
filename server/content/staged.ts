import { constants } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuse } from '../refusal.ts';
import type { CheckingThread } from './checking/thread.ts';
import { isMissing, syncFolder } from './durable.ts';
import type { ReceivingThread } from './receiving/thread.ts';
import { type CopiedRun, type ObjectKey, type ReadStored, rangesOf, type StagedObject } from './store.ts';
import type { PartsUnderWay } from './underWay.ts';
import { writeAll } from './writeAll.ts';

/** What `blocks` counts, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512;

interface Home {
  readonly pathOf: (key: ObjectKey) => string;
  readonly prepareFolder: (key: ObjectKey) => Promise<void>;
  readonly underWay: PartsUnderWay;
  readonly receiving: ReceivingThread;
  readonly checking: CheckingThread;
  readonly readStored: ReadStored;
}

/** An upload's file under construction at `path`, renamed into place when it is whole. */
export function stagedFile(path: string, home: Home): StagedObject {
  const { pathOf, prepareFolder, underWay, receiving, checking } = home;

  const copy = async ({ from, start, length, position }: CopiedRun, signal: AbortSignal): Promise<void> => {
    const target = await open(path, WRITE, 0o600);
    try {
      let done = 0;
      for await (const bytes of await home.readStored(from, start, length)) {
        await writeAll(target.fd, [bytes], position + done);
        done += bytes.length;
        if (signal.aborted) return;
      }
      if (done < length) throw new Error(`The stored object ${from.key} is shorter than recorded.`);
    } finally {
      await target.close();
    }
  };

  return {
    receive({ coming }) {
      const ranges = rangesOf(coming);
      return underWay.add(path, ranges, receiving.open(path, ranges, coming));
    },

    async fill({ copies }, _whole, signal) {
      for (const run of copies) if (!signal.aborted) await copy(run, signal);
      return copies.length > 0;
    },

    async held() {
      try {
        return (await stat(path)).blocks * BLOCK_BYTES;
      } catch (error) {
        if (isMissing(error)) return 0;
        throw error;
      }
    },

    check: (parts) => checking.check({ path, parts }),

    async sync() {
      const file = await open(path, WRITE, 0o600);
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
    },

    async publish(key, size) {
      await prepareFolder(key);
      const file = await open(path, WRITE, 0o600);
      try {
        const found = (await file.stat()).size;
        if (found !== size) throw new Error(`A staged object holds ${found} bytes instead of ${size}.`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(path, pathOf(key));
      await syncFolder(dirname(pathOf(key)));
    },

    async reclaim(key) {
      try {
        await rename(pathOf(key), path);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },

    async discard(why = refuse('unavailable', 'The upload begins again. Ask for its status.')) {
      await underWay.refuse(path, why);
      try {
        await unlink(path);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

/** Read and write, made when missing, never truncated: parts arrive in any order. */
const WRITE = constants.O_RDWR | constants.O_CREAT;
