import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { paths } from '../../shared/api/paths.ts';
import type { Part } from '../../shared/api/uploads.ts';
import { KiB, MiB } from '../../shared/bytes.ts';
import { onPostgres } from './database.ts';
import {
  Client,
  contentOf,
  draft,
  freshServer,
  freshUser,
  newUploadId,
  randomBytes,
  refusal,
  text,
} from './harness.ts';
import { noSmallDisk, smallDisk } from './smallDisk.ts';

const content = (seed: string, size: number) => contentOf(randomBytes(size, seed));

async function onSmallDisk(size = '12m') {
  const disk = await smallDisk(size);
  const data = join(disk.folder, 'data');
  await mkdir(data);
  return { disk, data, ...(await freshUser({ data, logLevel: 'silent' })) };
}

describe.skipIf(noSmallDisk)(`a full disk of the server${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''}`, () => {
  test('a file that does not fit is refused before a byte of it is sent', async () => {
    const { client } = await onSmallDisk();
    const file = draft(content('a', 13 * MiB), 'a.bin');
    expect(await refusal(client.open(newUploadId(), file))).toMatchObject({ status: 507, code: 'disk-full' });
    expect((await client.usage()).reservedBytes).toBe(0);
  });

  test('files that do not fit together are let in one after the other, and those that are in can end', async () => {
    const { client } = await onSmallDisk();
    const files = Array.from({ length: 6 }, (_, i) => ({ id: newUploadId(), content: content(`b${i}`, 3 * MiB) }));
    const opened = await Promise.allSettled(files.map((each, i) => client.open(each.id, draft(each.content, `${i}`))));
    const welcome = files.filter((_, i) => opened[i]?.status === 'fulfilled');
    expect(welcome).toHaveLength(3);
    await Promise.all(
      welcome.map(async ({ id, content: { bytes, chunks, contentId } }) => {
        for (const part of await client.manifest(id, chunks)) await client.part(id, part, bytes);
        await client.complete(id, contentId);
      }),
    );
    expect((await client.usage()).fileCount).toBe(3);
  });

  test('an upload whose part meets a full disk gives everything back, and a smaller file goes', async () => {
    const { client, disk, data } = await onSmallDisk('32m');
    const large = content('c', 17 * MiB);
    const id = newUploadId();
    await client.open(id, draft(large, 'c.bin'));
    const [first, second] = await client.manifest(id, large.chunks);
    if (!first || !second) throw new Error('the plan has two parts');
    await client.part(id, first, large.bytes);
    const free = disk.fill(2 * MiB);
    expect(await refusal(client.part(id, second, large.bytes))).toMatchObject({ status: 507, code: 'disk-full' });

    expect(await readdir(join(data, 'staging'))).toEqual([]);
    expect((await client.usage()).reservedBytes).toBe(0);
    await client.upload('smaller.bin', content('d', 3 * MiB));
    expect((await refusal(client.status(id))).code).toBe('upload-gone');
    free();
    expect((await client.download(await client.upload('c.bin', large))).equals(large.bytes)).toBe(true);
  });

  test('a part that is under way when another one meets the full disk gives its room back at once', async () => {
    const { client, disk, data } = await onSmallDisk('32m');
    const large = content('e', 17 * MiB);
    const id = newUploadId();
    await client.open(id, draft(large, 'e.bin'));
    const [first, second] = await client.manifest(id, large.chunks);
    if (!first || !second) throw new Error('the plan has two parts');
    const rest = Promise.withResolvers<void>();
    async function* body({ offset, length }: Part) {
      yield large.bytes.subarray(offset, offset + 2 * MiB);
      await rest.promise;
      yield large.bytes.subarray(offset + 2 * MiB, offset + length);
    }
    const slow = client.fetch(paths.uploadPart(id, first.part), {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: Readable.toWeb(Readable.from(body(first))) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    await vi.waitFor(async () => expect((await stat(join(data, 'staging', id))).size).toBeGreaterThan(MiB), 10_000);
    disk.fill(2 * MiB);
    expect((await refusal(client.part(id, second, large.bytes))).code).toBe('disk-full');
    expect(disk.free()).toBeGreaterThan(3 * MiB);
    rest.resolve();
    expect(await (await slow).json()).toMatchObject({ status: 507, code: 'disk-full' });
  });

  // Where the rows lie elsewhere, a full disk of the files keeps nothing from being recorded.
  test.skipIf(onPostgres)(
    'an upload that is whole and cannot be recorded gives everything back, and can be made again',
    async () => {
      const { client, disk, data } = await onSmallDisk();
      const large = content('h', 6 * MiB);
      const id = newUploadId();
      await client.open(id, draft(large, 'h.bin'));
      for (const part of await client.manifest(id, large.chunks)) await client.part(id, part, large.bytes);
      const free = disk.fill(0);
      // What the log and the tables have room for without growing is used up first: a refusal empties the log, so that a
      // few more may be let in after it.
      let inTurn = 0;
      for (let i = 0; i < 5_000 && inTurn < 20; i += 1) {
        const made = await client.createFolder(`${i} ${'x'.repeat(200)}`).then(
          () => true,
          () => false,
        );
        inTurn = made ? 0 : inTurn + 1;
      }
      expect(inTurn).toBe(20);
      expect((await refusal(client.complete(id, large.contentId))).code).toBe('disk-full');
      expect(await readdir(join(data, 'staging'))).toEqual([]);
      expect(disk.free()).toBeGreaterThan(5 * MiB);
      expect(await client.usage()).toMatchObject({ usedBytes: 0, reservedBytes: 0, fileCount: 0 });
      free();
      expect((await client.download(await client.upload('h.bin', large))).equals(large.bytes)).toBe(true);
    },
  );

  test('of a pack the files that fit are stored', async () => {
    const { client, disk } = await onSmallDisk();
    disk.fill(1_300 * KiB);
    const sizes = [2_000, 5, 2_000, 1, 2_000, 2_000];
    const files = sizes.map((size, i) => {
      const each = content(`f${i}`, size * KiB);
      return { draft: draft(each, `${i}`), content: each };
    });
    const results = await client.pack(files);
    expect(results.map((result) => result.ok || result.problem.code)).toContain('disk-full');
    expect([results[1]?.ok, results[3]?.ok]).toEqual([true, true]);
    const stored = results.filter((result) => result.ok);
    expect((await client.usage()).fileCount).toBe(stored.length);
  });

  test('content leaves so much room that deletes and new folders still work', async () => {
    const { client } = await onSmallDisk();
    const nodes = [];
    for (let i = 0; ; i += 1) {
      const each = content(`g${i}`, 200 * KiB);
      const [result] = await client.pack([{ draft: draft(each, `${i}`), content: each }]);
      if (!result?.ok) break;
      nodes.push(...result.nodes);
    }
    expect(nodes.length).toBeGreaterThan(20);
    await client.createFolder('folder');
    for (const node of nodes) expect((await client.trash(node)).state).toBe('trashed');
  });

  test('a server starts on a disk that is all but full, and says so where there is no room at all', async () => {
    const { client, disk, data, server } = await onSmallDisk();
    const node = await client.put('a.txt', text('a'));
    await server.close();
    const free = disk.fill(0);
    await expect(freshServer({ data })).rejects.toThrow(/^The disk that holds .* is full\. Free some space/);
    free();
    disk.fill(160 * KiB);
    const again = new Client((await freshServer({ data, logLevel: 'silent' })).url, client.token);
    expect((await again.download(node)).toString()).toBe('a');
    await again.trash(node);
  });

  test.skipIf(onPostgres)(
    'a disk without any room is a disk that is full, not an error of the server; reads work, and then all else',
    async () => {
      const { client, disk } = await onSmallDisk();
      const node = await client.put('a.txt', text('a'));
      const free = disk.fill(0);
      let made = 0;
      const exhaust = async () => {
        for (; made < 5_000; made += 1) await client.createFolder(`${made} ${'x'.repeat(200)}`);
      };
      expect(await refusal(exhaust())).toMatchObject({ status: 507, code: 'disk-full' });
      const [result] = await client.pack([{ draft: draft(text('b'), 'b.txt'), content: text('b') }]);
      expect(result).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
      expect((await client.download(node)).toString()).toBe('a');
      const live = (await client.json<{ nodes: unknown[] }>('GET', `${paths.nodes}?parent=root&limit=2000`)).nodes;
      expect(live).toHaveLength(Math.min(made + 1, 2_000));
      free();
      await client.createFolder('after');
      await client.put('b.txt', text('b'));
    },
  );
});
