import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { freshUser } from '../harness.ts';
import { abletonSet, blender, corners, photo, photoshop } from './samples.ts';
import { factsOf, lookAt, see, store } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
vi.setConfig({ testTimeout: 300_000 });

test('what a file is, its bytes say, whatever its name does', async () => {
  const { client } = await freshUser();
  const picture = await store(client, 'notes.txt', await photo(1));
  expect(await factsOf(client, picture)).toMatchObject({ mime: 'image/jpeg', thumbnail: true });
  expect((await see(client, picture)).corners[0]).toBe('f00');
  expect(await lookAt(client, 'photo.jpg', Buffer.from('only words'))).toMatchObject({
    mime: 'text/plain',
    thumbnail: false,
  });
});

test('drawings and web pages, which can hold programs, are never drawn, and say so', async () => {
  const { client } = await freshUser();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>';
  for (const [name, text, mime] of [
    ['a.svg', svg, 'image/svg+xml'],
    ['b.png', `<?xml version="1.0"?>\n<!-- a picture? -->\n${svg}`, 'image/svg+xml'],
    ['a.html', '<!doctype html><script>fetch("/")</script>', 'text/html'],
  ] as const) {
    expect(await lookAt(client, name, Buffer.from(text)), name).toMatchObject({
      mime,
      thumbnail: false,
      reason: expect.stringContaining('the server does not draw them.'),
    });
  }
});

test('an empty file, text and unknown bytes each say why they have no thumbnail', async () => {
  const { client } = await freshUser();
  expect(await lookAt(client, 'a.png', Buffer.alloc(0))).toMatchObject({
    thumbnail: false,
    reason: 'The file is empty.',
  });
  expect(await lookAt(client, 'a.txt', Buffer.from('Grüße'))).toMatchObject({
    mime: 'text/plain',
    reason: 'Text has no picture to show.',
  });
  expect(await lookAt(client, 'a', Buffer.from([1, 2, 3, 0, 0xff]))).toMatchObject({
    mime: 'application/octet-stream',
    reason: 'The server does not know this kind of file.',
  });
});

test('a Photoshop file shows the preview inside it, and the size of the picture itself', async () => {
  const { client } = await freshUser();
  const preview = await corners(160, 80).jpeg().toBuffer();
  const node = await store(client, 'a.psd', photoshop(8_000, 4_000, preview));
  expect(await factsOf(client, node)).toMatchObject({
    mime: 'image/vnd.adobe.photoshop',
    width: 8_000,
    height: 4_000,
    thumbnail: true,
  });
  expect(await see(client, node)).toEqual({ width: 160, height: 80, corners: ['f00', '0f0', '00f', 'fff'] });
  expect(await lookAt(client, 'b.psd', photoshop(10, 10))).toMatchObject({
    width: 10,
    thumbnail: false,
    reason: 'This Photoshop file was saved without a preview.',
  });
  expect(await lookAt(client, 'c.psd', photoshop(10, 20, preview.subarray(0, 40)))).toMatchObject({
    thumbnail: false,
    reason: 'The picture is damaged or cut short.',
  });
});

test('a Blender scene shows the preview inside it, of old and new versions, compressed or not', async () => {
  const { client } = await freshUser();
  for (const [name, bytes, width] of [
    ['a.blend', blender('of 2.9'), 128],
    ['b.blend', blender('of 5', 120), 120],
    ['c.blend', gzipSync(blender('of 2.9', 110)), 110],
    ['d.blend', zstdCompressSync(blender('of 5', 100)), 100],
  ] as const) {
    const node = await store(client, name, bytes);
    expect(await factsOf(client, node), name).toMatchObject({ mime: 'application/x-blender', thumbnail: true });
    expect(await see(client, node), name).toEqual({ width, height: 128, corners: ['f00', 'f00', '00f', '00f'] });
  }
  expect(await lookAt(client, 'e.blend', blender('of 2.9', 128, 0))).toMatchObject({ thumbnail: false });
  expect(await lookAt(client, 'f.blend', blender('of 2.9', 90).subarray(0, 1_000))).toMatchObject({
    thumbnail: false,
    reason: 'The picture is damaged or cut short.',
  });
});

test('an Ableton set is told from other compressed files', async () => {
  const { client } = await freshUser();
  expect(await lookAt(client, 'a.als', abletonSet())).toMatchObject({
    mime: 'application/x-ableton-live',
    reason: 'An Ableton Live set holds no picture.',
  });
  expect(await lookAt(client, 'b.als', gzipSync('something else'))).toMatchObject({ mime: 'application/gzip' });
});

test('what unpacks without end is only begun', async () => {
  const { client } = await freshUser();
  expect(await lookAt(client, 'a.gz', gzipSync(Buffer.alloc(200 << 20)))).toMatchObject({ mime: 'application/gzip' });
});
