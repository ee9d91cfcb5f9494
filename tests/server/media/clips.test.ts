import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { freshUser, temporaryFolder } from '../harness.ts';
import { clip, noFfmpeg, noPoppler, pdf, sound, video } from './samples.ts';
import { factsOf, lookAt, see, store, thumbnail } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(noFfmpeg)(`videos and sounds${noFfmpeg ? `: ${noFfmpeg}` : ''}`, () => {
  test('a 4K video has its size, length and codec, and a frame of it is shown', async () => {
    const { client } = await freshUser();
    const node = await store(client, 'a.mp4', await video('3840x2160', 3));
    expect(await factsOf(client, node)).toMatchObject({
      mime: 'video/mp4',
      width: 3_840,
      height: 2_160,
      durationMs: 3_000,
      codec: 'h264',
      blurhash: expect.any(String),
      thumbnail: true,
    });
    expect(await see(client, node, 1_024)).toMatchObject({ width: 1_024, height: 576 });
  });

  test('a video that a phone held upright is shown so', async () => {
    const { client } = await freshUser();
    const lying = join(await temporaryFolder(), 'lying.mp4');
    await writeFile(lying, await video('320x180', 1));
    // Newer versions of ffmpeg know only the first way to say it, older ones only the second.
    const bytes = await clip('mp4', '-display_rotation', '90', '-i', lying, '-c', 'copy').catch(() =>
      clip('mp4', '-i', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=90'),
    );
    const node = await store(client, 'a.mp4', bytes);
    expect(await factsOf(client, node)).toMatchObject({ width: 180, height: 320 });
    expect(await see(client, node)).toMatchObject({ width: 180, height: 320 });
  });

  test('other containers are read by what they are, and not by their names', async () => {
    const { client } = await freshUser();
    const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=5:duration=1'];
    for (const [name, extension, mime, ...codec] of [
      ['a.mp4', 'webm', 'video/webm', '-c:v', 'libvpx', '-deadline', 'realtime'],
      ['b.txt', 'mov', 'video/quicktime', '-c:v', 'prores_ks'],
      ['c.mov', 'avi', 'video/vnd.avi', '-c:v', 'mjpeg'],
      ['d', 'mkv', 'video/matroska', '-c:v', 'mpeg4'],
    ] as const) {
      expect(await lookAt(client, name, await clip(extension, ...source, ...codec)), name).toMatchObject({
        mime,
        width: 320,
        height: 240,
        durationMs: 1_000,
        thumbnail: true,
      });
    }
  });

  test('a video that is cut short has what its head tells, and a frame if it still holds one', async () => {
    const { client } = await freshUser();
    const whole = await video('640x360', 4);
    expect(await lookAt(client, 'half.mp4', whole.subarray(0, whole.length / 2))).toMatchObject({
      width: 640,
      thumbnail: true,
    });
    expect(await lookAt(client, 'head.mp4', whole.subarray(0, 3_000))).toMatchObject({
      width: 640,
      durationMs: 4_000,
      thumbnail: false,
      reason: 'The video is damaged or cut short.',
    });
  });

  test('a playlist in the clothes of a video opens neither files nor the network', async () => {
    const { client } = await freshUser();
    const list = '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n';
    expect(await lookAt(client, 'a.mp4', Buffer.from(list))).toMatchObject({ mime: 'text/plain', thumbnail: false });
  });

  test('a sound has its length and codec, and is shown as a waveform on nothing', async () => {
    const { client } = await freshUser();
    for (const [extension, mime, codec] of [
      ['wav', 'audio/wav', 'pcm_s16le'],
      ['mp3', 'audio/mpeg', 'mp3'],
      ['flac', 'audio/flac', 'flac'],
      ['m4a', 'audio/x-m4a', 'aac'],
      ['ogg', 'audio/ogg', 'vorbis'],
    ] as const) {
      const node = await store(client, `a.${extension}`, await sound(extension, 4));
      const facts = await factsOf(client, node);
      expect(facts, extension).toMatchObject({ mime, codec, thumbnail: true });
      expect(Math.abs((facts.durationMs ?? 0) - 4_000), extension).toBeLessThan(100);
      expect(facts).not.toHaveProperty('width');
      const answer = await thumbnail(client, node, 1_024);
      const { data, info } = await sharp(Buffer.from(await answer.arrayBuffer()))
        .raw()
        .toBuffer({ resolveWithObject: true });
      const alpha = (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
      // The tone swells from nothing: at its beginning a dot in the middle, later a tall bar, around it nothing.
      const [first, swollen] = [64 + 7, 64 + 14 * 25 + 7];
      expect([alpha(first, 288), alpha(first, 100), alpha(swollen, 288), alpha(swollen, 100), alpha(10, 10)]).toEqual([
        255, 0, 255, 255, 0,
      ]);
    }
  });

  test('silence is a line, and a sound without samples says that it is damaged', async () => {
    const { client } = await freshUser();
    const silence = await clip('wav', '-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '1');
    expect(await lookAt(client, 'a.wav', silence)).toMatchObject({ thumbnail: true, durationMs: 1_000 });
    expect(await lookAt(client, 'b.wav', silence.subarray(0, 40))).toMatchObject({
      mime: 'audio/wav',
      thumbnail: false,
      reason: expect.stringContaining('damaged'),
    });
  });
});

describe.skipIf(noPoppler)(`PDFs${noPoppler ? `: ${noPoppler}` : ''}`, () => {
  test('a PDF has its pages, and its first is shown', async () => {
    const { client } = await freshUser();
    const node = await store(client, 'a.pdf', pdf(3));
    expect(await factsOf(client, node)).toMatchObject({ mime: 'application/pdf', pages: 3, thumbnail: true });
    expect(await see(client, node, 1_024)).toMatchObject({
      width: 768,
      height: 1_024,
      corners: ['f00', 'f00', 'f00', 'f00'],
    });
  });

  test('a damaged PDF says so', async () => {
    const { client } = await freshUser();
    expect(await lookAt(client, 'a.pdf', Buffer.from('%PDF-1.4\nnothing of it is true'))).toMatchObject({
      mime: 'application/pdf',
      thumbnail: false,
      reason: 'The PDF is damaged or cut short.',
    });
  });
});
