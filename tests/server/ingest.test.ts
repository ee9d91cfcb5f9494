import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chunksOf } from '../../server/ingest/chunks.ts';

import { MiB } from '../../shared/bytes.ts';
import { contentOf, randomBytes, temporaryFolder } from './harness.ts';

test.each([0, 1, 300_000, 9 * MiB + 17])('%i bytes are cut as a device cuts them', async (size) => {
  const bytes = randomBytes(size, 'cut');
  const path = join(await temporaryFolder(), 'spooled');
  await writeFile(path, bytes);
  expect(await collected(chunksOf(path, size))).toEqual(contentOf(bytes).chunks);
});

async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of all) items.push(item);
  return items;
}
