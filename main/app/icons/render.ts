import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { TRAY_ICONS } from '../tray/picture.ts';
import { appSvg, traySvg } from './draw.ts';

/** `npm run icons`: draws every icon anew, into the folder beside this file. */
const folder = join(import.meta.dirname, 'png');

/** Points of a tray icon: what Linux panels and Windows show, and macOS's menu bar; twice that for dense screens. */
const TRAY_SIZE = 22;

async function render(name: string, svg: string, size: number): Promise<void> {
  const density = 72 * Math.ceil(size / 22);
  const png = await sharp(Buffer.from(svg), { density })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: size > 64 })
    .toBuffer();
  await writeFile(join(folder, `${name}.png`), png);
}

await mkdir(folder, { recursive: true });
for (const icon of TRAY_ICONS) {
  for (const [suffix, scale] of [
    ['', 1],
    ['@2x', 2],
  ] as const) {
    await render(`tray-${icon}${suffix}`, traySvg(icon, false), TRAY_SIZE * scale);
    await render(`tray-${icon}-Template${suffix}`, traySvg(icon, true), TRAY_SIZE * scale);
  }
}
await render('icon', appSvg(), 512);
