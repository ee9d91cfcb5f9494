import { expect, test } from 'vitest';
import { contentOf, draft, freshUser, newUploadId, randomBytes, refusal, text } from './harness.ts';
import { MiB } from '../../shared/bytes.ts';

test('a file comes back as it was sent', async () => {
  const { client } = await freshUser();
  const content = contentOf(randomBytes(12 * MiB + 17, 'a'));
  const node = await client.upload('a.bin', content);
  expect(node).toMatchObject({ contentId: content.contentId, size: content.bytes.length, state: 'live' });
  expect((await client.download(node)).equals(content.bytes)).toBe(true);
});
