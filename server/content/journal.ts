import { type FileHandle, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { MiB } from '../../shared/bytes.ts';
import { isMissing, syncFolder } from './durable.ts';
import type { ObjectKey, SmallObject } from './store.ts';
import { writeAll } from './writeAll.ts';

/**
 * Makes groups of small objects durable with a single sync: their bytes go to a journal first, the objects' own files
 * are written without syncing, and a segment of the journal is dropped once they have settled. After a power cut
 * `replay` tells what has to be written again.
 *
 * A segment is a sequence of blocks: head length (32-bit, big-endian), head (JSON), then the objects' bytes.
 */
export interface Journal {
  /** Resolves when the objects' bytes are on the disk. `written` resolves when their own files have been written. */
  append(objects: readonly SmallObject[], written: Promise<unknown>): Promise<void>;
  /** Settles everything appended so far and closes. */
  close(): Promise<void>;
}

interface BlockHead {
  readonly objects: readonly (readonly [key: ObjectKey, size: number])[];
  readonly crc: number;
}

interface Segment {
  readonly path: string;
  readonly file: FileHandle;
  readonly keys: ObjectKey[];
  readonly written: Promise<unknown>[];
  bytes: number;
}

interface Waiting {
  readonly blocks: Uint8Array[];
  readonly keys: readonly ObjectKey[];
  readonly written: Promise<unknown>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** A segment is settled when it has grown to this, or when nothing was added for this long. */
const SEGMENT_BYTES = 64 * MiB;
const SEGMENT_QUIET_MS = 2_000;
/** Closing waits this long for a busy disk; what has not settled by then is replayed at the next start. */
const CLOSE_MS = 5_000;

/** `settle` brings the objects' own files to the disk; `fault` hears why that failed: the segment is then kept. */
export async function openJournal(
  folder: string,
  settle: (keys: readonly ObjectKey[]) => Promise<void>,
  fault: (error: unknown) => void,
): Promise<Journal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let made = Date.now();
  let segment: Segment | undefined;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let settling: Promise<void> = Promise.resolve();
  let quiet: NodeJS.Timeout | undefined;

  const begin = async (): Promise<Segment> => {
    made += 1;
    const path = join(folder, `${made}.pack`);
    const file = await open(path, 'wx', 0o600);
    await syncFolder(folder);
    quiet = startTimer(() => flushing ?? retire(), SEGMENT_QUIET_MS).unref();
    return { path, file, keys: [], written: [], bytes: 0 };
  };

  const retire = (): void => {
    clearTimeout(quiet);
    const old = segment;
    if (!old) return;
    segment = undefined;
    settling = settling.then(async () => {
      await old.file.close();
      await Promise.allSettled(old.written);
      await settle(old.keys);
      await unlink(old.path);
    });
    settling = settling.catch(fault);
  };

  /** One writer at a time; what arrives meanwhile shares the next sync. */
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        segment ??= await begin();
        await write(segment, group);
        for (const each of group) each.done();
      } catch (error) {
        // Nothing may follow a block that may be torn.
        retire();
        for (const each of group) each.failed(error);
      }
      if (segment && segment.bytes >= SEGMENT_BYTES) retire();
    }
    flushing = undefined;
    if (segment) quiet?.refresh();
  };

  return {
    append(objects, written) {
      return new Promise<void>((done, failed) => {
        const keys = objects.map((object) => object.key);
        waiting.push({ blocks: blockOf(objects), keys, written, done, failed });
        flushing ??= flush();
      });
    },
    async close() {
      await flushing;
      retire();
      await Promise.race([settling, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

async function write(segment: Segment, group: readonly Waiting[]): Promise<void> {
  const blocks = group.flatMap((each) => each.blocks);
  await writeAll(segment.file.fd, blocks, null);
  await segment.file.datasync();
  for (const block of blocks) segment.bytes += block.length;
  for (const each of group) {
    segment.keys.push(...each.keys);
    segment.written.push(each.written);
  }
}

function blockOf(objects: readonly SmallObject[]): Uint8Array[] {
  let crc = 0;
  for (const { bytes } of objects) crc = crc32(bytes, crc);
  const head: BlockHead = { objects: objects.map(({ key, bytes }) => [key, bytes.length]), crc };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(json.length);
  return [length, json, ...objects.map(({ bytes }) => bytes)];
}

/**
 * Hands every object in what an earlier run left to `restore`, then drops the journal. A block that ends early or
 * does not match its checksum was never confirmed to anybody.
 */
export async function replay(
  folder: string,
  restore: (objects: readonly SmallObject[]) => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    await restore(blocksIn(await readFile(path)));
    await unlink(path);
  }
}

/** Whether an earlier run left something to replay, or a present one is at work. */
export const hasJournal = async (data: string): Promise<boolean> => {
  try {
    return (await readdir(journalFolder(data))).length > 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

export const journalFolder = (data: string): string => join(data, 'journal');

function blocksIn(segment: Buffer): SmallObject[] {
  const found: SmallObject[] = [];
  let at = 0;
  while (at + 4 <= segment.length) {
    const headEnd = at + 4 + segment.readUInt32BE(at);
    const head = headEnd <= segment.length ? readHead(segment.subarray(at + 4, headEnd)) : undefined;
    if (!head) break;
    const end = headEnd + head.objects.reduce((sum, [, size]) => sum + size, 0);
    if (end > segment.length || crc32(segment.subarray(headEnd, end)) !== head.crc) break;
    let position = headEnd;
    for (const [key, size] of head.objects) {
      found.push({ key, bytes: segment.subarray(position, position + size) });
      position += size;
    }
    at = end;
  }
  return found;
}

function readHead(json: Buffer): BlockHead | undefined {
  try {
    return JSON.parse(json.toString()) as BlockHead;
  } catch {
    return undefined;
  }
}
