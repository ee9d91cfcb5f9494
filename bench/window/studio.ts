import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const FILES_A_FOLDER = 500;
const PICTURES = 240;
const SUBJECTS = ['Harbour', 'Night swim', 'Garden wall', 'Rehearsal', 'Dunes', 'Market hall', 'Field recording'];
const EXTENSIONS = ['jpg', 'jpg', 'jpg', 'jpg', 'jpg', 'wav', 'als', 'txt'];

/** Fills a folder as a studio would: most are pictures, each of which is a real one. */
export async function fillStudio(folder: string, items: number): Promise<void> {
  const pictures: Buffer[] = [];
  for (let n = 0; n < PICTURES; n += 1) {
    const background = { r: (n * 37) % 256, g: (n * 91) % 256, b: (n * 13) % 256 };
    pictures.push(
      await sharp({ create: { width: 400, height: 300, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    );
  }
  for (let n = 0; n < items; n += 1) {
    const inside = join(folder, `Project ${Math.floor(n / FILES_A_FOLDER)}`);
    if (n % FILES_A_FOLDER === 0) mkdirSync(inside, { recursive: true });
    const extension = EXTENSIONS[n % EXTENSIONS.length] ?? 'txt';
    const name = `${SUBJECTS[(n * 3) % SUBJECTS.length]} ${String(n).padStart(5, '0')}.${extension}`;
    writeFileSync(join(inside, name), extension === 'jpg' ? (pictures[n % PICTURES] ?? '') : `take ${n % PICTURES}`);
  }
}
