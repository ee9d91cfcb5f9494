import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { SentFile } from '../../../main/engine/transfer/filePart.ts';
import { MiB } from '../../../shared/bytes.ts';
import { randomBytes } from '../../shared/randomBytes.ts';
import { temporaryFolder } from '../hash/temporaryFolder.ts';
import { statOf } from './account.ts';

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, bytes);
  return path;
}

it('gives the ranges one after the other', async () => {
  const bytes = randomBytes(3 * MiB, 1);
  const path = fileOf(bytes);
  const file = await SentFile.open(nodeFilesystem, path, statOf(path));
  const body = file.body([
    [10, 5],
    [1 * MiB, 1 * MiB + 1],
  ]);
  const pieces: Buffer[] = [];
  for await (const piece of body.pieces()) pieces.push(Buffer.from(piece));
  await file.close();
  const expected = Buffer.concat([bytes.subarray(10, 15), bytes.subarray(MiB, 2 * MiB + 1)]);
  expect(body.length).toBe(expected.length);
  expect(Buffer.concat(pieces).equals(expected)).toBe(true);
});

it('needs no more memory for a part of 300 MiB than for one of 1 MiB', async () => {
  const path = fileOf(Buffer.alloc(0));
  truncateSync(path, 300 * MiB);
  const file = await SentFile.open(nodeFilesystem, path, statOf(path));
  const buffers = new Set<ArrayBufferLike>();
  let bytes = 0;
  for await (const piece of file.body([[0, 300 * MiB]]).pieces()) {
    buffers.add(piece.buffer);
    bytes += piece.length;
  }
  await file.close();
  expect(bytes).toBe(300 * MiB);
  expect([...buffers].map(({ byteLength }) => byteLength)).toEqual([1 * MiB]);
});

it('notices at the end of a part that the file has changed meanwhile', async () => {
  const path = fileOf(randomBytes(2 * MiB, 2));
  const file = await SentFile.open(nodeFilesystem, path, statOf(path));
  const read = async (): Promise<void> => {
    for await (const piece of file.body([[0, 2 * MiB]]).pieces()) if (piece.length > 0) appendFileSync(path, 'more');
  };
  await expect(read()).rejects.toMatchObject({ name: 'FileFailure', code: 'changed' });
  await file.close();
});
