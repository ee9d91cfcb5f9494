import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { freshUser } from '../harness.ts';
import { bomb, corners, photo } from './samples.ts';
import { factsOf, lookAt, see, store } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
vi.setConfig({ testTimeout: 300_000 });

const UPRIGHT = ['f00', '0f0', '00f', 'fff'];

test('a photo stands upright in each of the eight orientations of EXIF, and so do its facts', async () => {
  const { client } = await freshUser();
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    // Another width each time, so that each is a content of its own.
    const node = await store(client, `${orientation}.jpg`, await photo(orientation, 390 + 2 * orientation, 200));
    expect(await factsOf(client, node), `${orientation}`).toMatchObject({
      mime: 'image/jpeg',
      width: 390 + 2 * orientation,
      height: 200,
      thumbnail: true,
    });
    expect(await see(client, node), `${orientation}`).toMatchObject({
      width: 390 + 2 * orientation,
      height: 200,
      corners: UPRIGHT,
    });
  }
});

test('when and with what a photo was taken is read, and its blurhash is made', async () => {
  const { client } = await freshUser();
  expect(await lookAt(client, 'a.jpg', await photo(6))).toMatchObject({
    takenAt: Date.parse('2024-05-01T10:00:00+02:00'),
    camera: 'Acme Pocket 3',
    codec: 'jpeg',
    blurhash: expect.stringMatching(/^.{28}$/),
  });
});

test('a thumbnail has the longer side that was asked for, and a small picture is never enlarged', async () => {
  const { client } = await freshUser();
  const large = await store(client, 'large.png', await corners(3_000, 1_500).png().toBuffer());
  await factsOf(client, large);
  for (const size of [256, 512, 1_024]) {
    expect(await see(client, large, size)).toMatchObject({ width: size, height: size / 2, corners: UPRIGHT });
  }
  const small = await store(client, 'small.png', await corners(300, 100).png().toBuffer());
  await factsOf(client, small);
  expect(await see(client, small, 256)).toMatchObject({ width: 256 });
  for (const size of [512, 1_024]) expect(await see(client, small, size)).toMatchObject({ width: 300, height: 100 });
});

test('every everyday format is shown', async () => {
  const { client } = await freshUser();
  for (const format of ['png', 'gif', 'webp', 'avif', 'tiff'] as const) {
    const node = await store(client, `a.${format}`, await corners(200, 100).toFormat(format).toBuffer());
    expect(await factsOf(client, node)).toMatchObject({ mime: `image/${format}`, width: 200, height: 100 });
    expect((await see(client, node)).corners, format).toEqual(UPRIGHT);
  }
});

test('what is transparent stays so', async () => {
  const { client } = await freshUser();
  const clear = sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  const node = await store(client, 'a.png', await clear.png().toBuffer());
  await factsOf(client, node);
  const answer = await client.fetch(`/api/v1/nodes/${node.id}/thumbnail?size=256`);
  const { channels } = await sharp(Buffer.from(await answer.arrayBuffer())).stats();
  expect(channels[3]?.max).toBe(0);
});

test('a picture of 900 megapixels in a few kilobytes is told from its head, and not decoded', async () => {
  const { client } = await freshUser();
  const bytes = bomb(30_000);
  expect(bytes.length).toBeLessThan(200_000);
  expect(await lookAt(client, 'bomb.png', bytes)).toMatchObject({
    width: 30_000,
    height: 30_000,
    thumbnail: false,
    reason: 'With 900 megapixels it is too large for a thumbnail.',
  });
});

test('a picture that is cut short has facts, and says why there is no thumbnail', async () => {
  const { client } = await freshUser();
  const whole = await photo(1, 1_000, 1_000);
  expect(await lookAt(client, 'cut.jpg', whole.subarray(0, whole.length / 2))).toMatchObject({
    width: 1_000,
    thumbnail: false,
    reason: 'The picture is damaged or cut short.',
  });
  expect(
    await lookAt(client, 'noise.jpg', Buffer.from('\xff\xd8\xff\xe0 no more than a beginning', 'latin1')),
  ).toMatchObject({
    mime: 'image/jpeg',
    thumbnail: false,
    reason: 'The picture is damaged or cut short.',
  });
});
