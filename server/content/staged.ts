import { constants } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MiB } from '../../shared/bytes.ts';
import { refuse } from '../refusal.ts';
import type { CheckingThread } from './checking/thread.ts';
import { isMissing, syncFolder } from './durable.ts';
import type { ReceivingThread } from './receiving/thread.ts';
import type { ObjectKey, StagedObject } from './store.ts';
import type { PartsUnderWay } from './underWay.ts';
import { writeAll } from './writeAll.ts';

const COPY_BYTES = MiB;
/** What `blocks` counts, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512;

interface Home {
  readonly pathOf: (key: ObjectKey) => string;
  readonly prepareFolder: (key: ObjectKey) => Promise<void>;
  readonly underWay: PartsUnderWay;
  readonly receiving: ReceivingThread;
  readonly checking: CheckingThread;
}

/** An upload's file under construction at `path`, renamed into place when it is whole. */
export function stagedFile(path: string, { pathOf, prepareFolder, underWay, receiving, checking }: Home): StagedObject {
  return {
    receive: (ranges, chunks) => underWay.add(path, ranges, receiving.open(path, ranges, chunks)),

    async copy(from, start, length, position, signal) {
      const source = await open(pathOf(from), 'r');
      try {
        const target = await open(path, WRITE, 0o600);
        try {
          const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, length));
          for (let done = 0; done < length && !signal.aborted; ) {
            const want = Math.min(buffer.length, length - done);
            const { bytesRead } = await source.read(buffer, 0, want, start + done);
            if (bytesRead === 0) throw new Error(`The stored object ${from} is shorter than recorded.`);
            await writeAll(target.fd, [buffer.subarray(0, bytesRead)], position + done);
            done += bytesRead;
          }
        } finally {
          await target.close();
        }
      } finally {
        await source.close();
      }
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
