import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, lstatSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diskStat } from '../../../main/engine/disk/stat.ts';
import { createHasher } from '../../../main/engine/hash/hasher.ts';
import { KiB, MiB } from '../../../shared/bytes.ts';
import { type Chunk, contentIdText } from '../../../shared/chunking/contentId.ts';
import { chunkClassFor, chunkLength } from '../../../shared/chunking/fastcdc.ts';
import type { ChunkHash } from '../../../shared/ids.ts';
import { randomBytes } from '../../shared/randomBytes.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const hasher = createHasher();
afterAll(() => hasher.close());

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/** What the hasher must find, by the plain definition. */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = chunkLength(bytes, start, bytes.length, chunkClassFor(bytes.length));
    chunks.push([sha256(bytes.subarray(start, start + length)) as ChunkHash, length]);
    start += length;
  }
  return chunks;
}

const contentIdOf = (bytes: Uint8Array): string => sha256(contentIdText(bytes.length, chunksOf(bytes)));

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, bytes);
  return path;
}

async function chunkWhole(path: string, size: number, from = 0): Promise<{ chunks: Chunk[]; ends: number[] }> {
  const chunks: Chunk[] = [];
  const ends: number[] = [];
  await hasher.chunkFile(path, {
    size,
    from,
    onChunks: (more, end) => {
      chunks.push(...more);
      ends.push(end);
    },
  });
  return { chunks, ends };
}

describe('chunkFile', () => {
  it.each([
    ['no bytes', 0],
    ['one byte', 1],
    ['64 KiB - 1', 64 * KiB - 1],
    ['64 KiB', 64 * KiB],
    ['64 KiB + 1', 64 * KiB + 1],
    ['256 KiB - 1', 256 * KiB - 1],
    ['256 KiB + 1', 256 * KiB + 1],
    ['10 MiB', 10 * MiB],
  ])('cuts and hashes a file of %s as the definition does', async (_, size) => {
    const bytes = randomBytes(size, size);
    expect((await chunkWhole(fileOf(bytes), size)).chunks).toEqual(chunksOf(bytes));
  });

  it('cuts a file without natural cuts', async () => {
    const bytes = Buffer.alloc(5 * MiB + 3);
    expect((await chunkWhole(fileOf(bytes), bytes.length)).chunks).toEqual(chunksOf(bytes));
  });

  it('tells of pieces in order, the first early, and ends at the size', async () => {
    const bytes = Buffer.concat([randomBytes(24 * MiB, 1), randomBytes(24 * MiB, 2)]);
    const { chunks, ends } = await chunkWhole(fileOf(bytes), bytes.length);
    expect(chunks).toEqual(chunksOf(bytes));
    expect(ends[0]).toBeGreaterThanOrEqual(16 * MiB);
    expect(ends[0]).toBeLessThan(18 * MiB);
    expect(ends.at(-1)).toBe(bytes.length);
  });

  it('goes on at any chunk border', async () => {
    const bytes = randomBytes(4 * MiB, 3);
    const path = fileOf(bytes);
    const whole = chunksOf(bytes);
    let border = 0;
    for (let done = 0; done <= whole.length; done += 1) {
      expect((await chunkWhole(path, bytes.length, border)).chunks).toEqual(whole.slice(done));
      border += whole[done]?.[1] ?? 0;
    }
  });

  it('resolves with the stat of what was read', async () => {
    const path = fileOf(randomBytes(1 * MiB, 4));
    const stat = await hasher.chunkFile(path, { size: 1 * MiB, from: 0, onChunks: () => undefined });
    expect(stat).toEqual(diskStat(lstatSync(path, { bigint: true })));
  });

  it('pauses while the receiver is busy', async () => {
    const bytes = Buffer.concat(Array.from({ length: 9 }, () => randomBytes(16 * MiB, 5)));
    const { promise: busy, resolve: release } = Promise.withResolvers<void>();
    let calls = 0;
    const done = hasher.chunkFile(fileOf(bytes), {
      size: bytes.length,
      from: 0,
      onChunks: () => {
        calls += 1;
        return calls === 1 ? busy : undefined;
      },
    });
    await expect.poll(() => calls).toBe(1);
    await hasher.hashFile(fileOf(randomBytes(20 * MiB, 6)));
    expect(calls).toBe(1);
    release();
    await done;
    expect(calls).toBeGreaterThan(1);
  });

  it('rejects when the file is not of the size that was observed', async () => {
    const path = fileOf(randomBytes(1 * MiB, 7));
    await expect(chunkWhole(path, 1 * MiB - 1)).rejects.toMatchObject({ name: 'FileFailure', code: 'changed' });
  });

  it.each([
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['is cut short', (path: string) => truncateSync(path, 20 * MiB)],
    ['is replaced', (path: string) => execFileSync('cp', ['--remove-destination', '-p', path, `${path}.new`])],
    [
      'is written to',
      (path: string) => execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'conv=notrunc', 'count=1', 'status=none']),
    ],
  ])('rejects when the file %s while it is read', async (what, change) => {
    const size = 100 * MiB;
    const path = fileOf(Buffer.alloc(size, 'x'));
    const reading = hasher.chunkFile(path, {
      size,
      from: 0,
      onChunks: (_, end) => {
        if (end < 64 * MiB) change(path);
        if (what === 'is replaced' && end < 64 * MiB) execFileSync('mv', [`${path}.new`, path]);
      },
    });
    await expect(reading).rejects.toMatchObject({ name: 'FileFailure', code: 'changed' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const bytes = Buffer.alloc(100 * MiB);
    const reading = hasher.chunkFile(fileOf(bytes), {
      size: bytes.length,
      from: 0,
      signal: stop.signal,
      onChunks: () => stop.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('hashFile', () => {
  it.each([0, 1, 300 * KiB, 20 * MiB])('gives the content id of a file of %d bytes', async (size) => {
    const bytes = randomBytes(size, 8);
    expect((await hasher.hashFile(fileOf(bytes))).contentId).toBe(contentIdOf(bytes));
  });

  it('says that a file is missing', async () => {
    await expect(hasher.hashFile('/nowhere/at/all')).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('readSmall', () => {
  it('gives bytes, chunks, content id and stat of each file, in order', async () => {
    const sizes = [0, 1, 64 * KiB - 1, 64 * KiB, 64 * KiB + 1, 256 * KiB - 1, 256 * KiB];
    const files = sizes.map((size) => ({ path: fileOf(randomBytes(size, size)), bytes: randomBytes(size, size) }));
    const results = await hasher.readSmall(files.map(({ path }) => path));
    expect(results).toHaveLength(files.length);
    for (const [i, { path, bytes }] of files.entries()) {
      const result = results[i];
      expect(result).toMatchObject({
        ok: true,
        stat: diskStat(lstatSync(path, { bigint: true })),
        chunks: chunksOf(bytes),
        contentId: contentIdOf(bytes),
      });
      expect(result?.ok && Buffer.compare(result.bytes, bytes)).toBe(0);
    }
  });

  it('says for each file why it could not be read, and reads its neighbours', async () => {
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('good'), 'good');
    writeFileSync(at('large'), Buffer.alloc(256 * KiB + 1));
    mkdirSync(at('folder'));
    symlinkSync(at('good'), at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    const results = await hasher.readSmall(['missing', 'large', 'folder', 'link', 'pipe', 'good'].map(at));
    expect(results.map((result) => (result.ok ? 'read' : result.code))).toEqual([
      'missing',
      'too-large',
      'not-a-file',
      'not-a-file',
      'not-a-file',
      'read',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('says that a file is closed to it', async () => {
    const path = fileOf(Buffer.from('secret'));
    chmodSync(path, 0);
    expect(await hasher.readSmall([path])).toEqual([{ ok: false, code: 'denied' }]);
  });

  it('overtakes a large file', async () => {
    const large = Buffer.alloc(200 * MiB);
    const path = fileOf(Buffer.from('small'));
    let largeDone = false;
    const whole = hasher.hashFile(fileOf(large)).then(() => {
      largeDone = true;
    });
    await hasher.readSmall([path]);
    expect(largeDone).toBe(false);
    await whole;
  });
});

describe('close', () => {
  it('rejects what is not done yet, and whatever comes after', async () => {
    const own = createHasher(1);
    const unfinished = own.hashFile(fileOf(Buffer.alloc(200 * MiB)));
    const outcome = expect(unfinished).rejects.toThrow('closed');
    await own.readSmall([]);
    await own.close();
    await outcome;
    await expect(own.readSmall([])).rejects.toThrow('closed');
  });
});
