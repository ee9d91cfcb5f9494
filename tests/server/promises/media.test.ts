import { describe, expect, test, vi } from 'vitest';
import { noFfmpeg, photo, video } from '../media/samples.ts';
import { factsOf, store, thumbnail } from '../media/scene.ts';
import { sharedServer } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
vi.setConfig({ testTimeout: 300_000 });

const shared = sharedServer();

test('an image has a thumbnail and its resolution', async () => {
  const { client, old } = await shared().user();
  const node = await store(client, 'sea.jpg', await photo(1));
  await factsOf(client, node);
  expect(await old.get(`/api/files/${node.id}`)).toMatchObject({
    resolution: '400x200',
    mime_type: 'image/jpeg',
    thumbnail_path: `/api/v1/nodes/${node.id}/thumbnail`,
  });
  expect((await thumbnail(client, node)).headers.get('content-type')).toBe('image/webp');
});

describe.skipIf(noFfmpeg)(`videos${noFfmpeg ? `: ${noFfmpeg}` : ''}`, () => {
  test('a video has a thumbnail, its resolution and its duration', async () => {
    const { client, old } = await shared().user();
    const node = await store(client, 'clip.mp4', await video('320x240', 2));
    await factsOf(client, node);
    expect(await old.get(`/api/files/${node.id}`)).toMatchObject({ resolution: '320x240', duration: '00:00:02' });
    expect((await thumbnail(client, node)).headers.get('content-type')).toBe('image/webp');
  });
});
