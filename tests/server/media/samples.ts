import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { mediaTools } from '../../../server/media/tools.ts';

const tools = mediaTools();
/** Why these suites are skipped here; undefined: they are not. Vitest shows it beside the skipped tests. */
export const noFfmpeg = tools.ffmpeg && tools.ffprobe ? undefined : 'ffmpeg is not installed (apt-get install ffmpeg)';
export const noPoppler =
  tools.pdftoppm && tools.pdfinfo ? undefined : 'poppler is not installed (apt-get install poppler-utils)';

/** A picture whose upper left corner is red, and which is green, blue and white elsewhere. */
export function corners(width: number, height: number) {
  const half = (part: string) => ({
    create: { width: Math.floor(width / 2), height: Math.floor(height / 2), channels: 3 as const, background: part },
  });
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite([
    { input: half('#ff0000'), left: 0, top: 0 },
    { input: half('#00ff00'), left: Math.ceil(width / 2), top: 0 },
    { input: half('#0000ff'), left: 0, top: Math.ceil(height / 2) },
  ]);
}

/** For each of EXIF's eight orientations, by what an upright picture comes to lie as the camera stored it. */
const STORED: Record<number, readonly ('left' | 'right' | 'mirror')[]> = {
  1: [],
  2: ['mirror'],
  3: ['right', 'right'],
  4: ['right', 'right', 'mirror'],
  5: ['right', 'mirror'],
  6: ['left'],
  7: ['left', 'mirror'],
  8: ['right'],
};

/** A photo that is upright once its orientation is applied. */
export async function photo(orientation: number, width = 400, height = 200): Promise<Buffer> {
  let stored = await corners(width, height).png().toBuffer();
  for (const step of STORED[orientation] ?? []) {
    const picture = sharp(stored);
    const turned = step === 'mirror' ? picture.flop() : picture.rotate(step === 'left' ? 270 : 90);
    stored = await turned.png().toBuffer();
  }
  return sharp(stored)
    .withExif({
      IFD0: { Make: 'Acme', Model: 'Acme Pocket 3' },
      IFD2: { DateTimeOriginal: '2024:05:01 10:00:00', OffsetTimeOriginal: '+02:00' },
    })
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** A few kilobytes that say they are a picture of so many pixels a side, all of one colour. */
export function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** What ffmpeg makes of these arguments, which end before the file's name. */
export async function clip(extension: string, ...args: string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-clip-'));
  try {
    const path = join(folder, `made.${extension}`);
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, path], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const video = (size: string, seconds: number, ...more: string[]): Promise<Buffer> =>
  clip(
    'mp4',
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', ...more],
  );

export const sound = (extension: string, seconds: number): Promise<Buffer> =>
  clip(extension, '-f', 'lavfi', '-i', `aevalsrc=sin(440*2*PI*t)*abs(sin(t)):d=${seconds}:s=44100`);

/** A PDF of so many pages, the first with a red square on it. */
export function pdf(pages: number): Buffer {
  const page = (n: number): string =>
    `${n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<<>>>>endobj\n`;
  const drawing = '1 0 0 rg 100 100 400 600 re f';
  const kids = Array.from({ length: pages }, (_, i) => `${i + 4} 0 R`).join(' ');
  const body = [
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n',
    `2 0 obj<</Type/Pages/Count ${pages}/Kids[${kids}]>>endobj\n`,
    `3 0 obj<</Length ${drawing.length}>>stream\n${drawing}\nendstream endobj\n`,
    ...Array.from({ length: pages }, (_, i) => page(i + 4)),
    'trailer<</Root 1 0 R>>\n%%EOF\n',
  ];
  return Buffer.from(body.join(''));
}

const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};
const i32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(n);
  return bytes;
};

/** A Photoshop file of this size: with an unrelated resource, then, if given, the preview; no layers. */
export function photoshop(width: number, height: number, preview?: Buffer): Buffer {
  const resource = (id: number, name: string, data: Buffer): Buffer => {
    const label = Buffer.from([name.length, ...Buffer.from(name)]);
    const even = (bytes: Buffer): Buffer => (bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes);
    return Buffer.concat([Buffer.from('8BIM'), u16(id), even(label), u32(data.length), even(data)]);
  };
  const thumbnail = preview && [
    resource(
      1036,
      '',
      Buffer.concat([u32(1), u32(160), u32(80), u32(480), u32(38400), u32(preview.length), u16(24), u16(1), preview]),
    ),
  ];
  const resources = Buffer.concat([resource(1005, 'odd', Buffer.alloc(7)), ...(thumbnail ?? [])]);
  const head = [Buffer.from('8BPS'), u16(1), Buffer.alloc(6), u16(3), u32(height), u32(width), u16(8), u16(3)];
  return Buffer.concat([...head, u32(0), u32(resources.length), resources, u32(0), u16(0)]);
}

/** A scene as Blender writes it, with a preview whose upper half is red. */
export function blender(version: 'of 2.9' | 'of 5', width = 128, height = 128): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat(Array<Buffer>(width).fill(Buffer.from(y < height / 2 ? [0, 0, 255, 255] : [255, 0, 0, 255]))),
  );
  const test = Buffer.concat([i32(width), i32(height), ...rows]);
  const block = (code: string, data: Buffer): Buffer =>
    version === 'of 5'
      ? Buffer.concat([Buffer.from(code), i32(0), Buffer.alloc(8), i32(data.length), i32(0), i32(1), i32(0), data])
      : Buffer.concat([Buffer.from(code), i32(data.length), Buffer.alloc(8), i32(0), i32(1), data]);
  const head = Buffer.from(version === 'of 5' ? 'BLENDER17-01v0500' : 'BLENDER-v293');
  return Buffer.concat([head, block('REND', Buffer.alloc(72)), block('TEST', test), block('ENDB', Buffer.alloc(0))]);
}

export const abletonSet = (): Buffer =>
  gzipSync('<?xml version="1.0" encoding="UTF-8"?>\n<Ableton MajorVersion="5" Creator="Ableton Live 11.3"></Ableton>');
