import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiB, MiB } from '../../shared/bytes.ts';
import type { Device } from './harness/device.ts';
import { byteStream, randomBytes, writeRandomFile } from './harness/random.ts';
import { differences, readTree } from './harness/tree.ts';
import { Scene } from './harness.ts';

/** Sizes at which a file travels another way: packed, in one part, in several; a chunk more or less. */
const BORDERS = [1, 64 * KiB, 256 * KiB, 1 * MiB, 5 * MiB, 8 * MiB].flatMap((size) => [size - 1, size, size + 1]);
const TIMES_MS = [0, 1, -86_400_000, Date.UTC(1960, 0, 1), Date.UTC(2100, 0, 1), Date.UTC(2026, 0, 1, 0, 0, 0, 999)];

describe('contents of every shape', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    for (const size of BORDERS) writeRandomFile(one.path(`borders/${size}.bin`), size, `border ${size}`);
    for (const folder of ['repeating', 'times', 'copies', 'large copies']) mkdirSync(one.path(folder));

    writeFileSync(one.path('repeating/zeros.bin'), Buffer.alloc(40 * MiB));
    const block = randomBytes('block', 3 * MiB);
    writeFileSync(one.path('repeating/blocks.bin'), Buffer.concat([block, block, block, block, block]));
    writeFileSync(one.path('repeating/zeros and more.bin'), Buffer.concat([Buffer.alloc(9 * MiB), block]));

    for (const [index, time] of TIMES_MS.entries()) {
      writeFileSync(one.path(`times/${index}.txt`), `time ${time}`);
      utimesSync(one.path(`times/${index}.txt`), 1, time / 1000);
    }

    const small = byteStream('small')(20 * KiB);
    for (let i = 0; i < 300; i += 1) writeFileSync(one.path(`copies/${i}.bin`), small);
    writeRandomFile(one.path('large copies/0.bin'), 12 * MiB, 'large copy');
    for (let i = 1; i < 6; i += 1) copyFileSync(one.path('large copies/0.bin'), one.path(`large copies/${i}.bin`));

    await one.mustSync();
    await two.mustSync();
  });
  afterAll(() => scene?.close());

  it.each([
    ['of every size around the borders between ways to travel', 'borders'],
    ['that repeat themselves', 'repeating'],
    ['with times before 1970, far ahead and to the millisecond', 'times'],
    ['that many small files share', 'copies'],
    ['that several large files share', 'large copies'],
  ])('%s arrive as they are', (_, folder) => {
    expect(differences(readTree(one.path(folder)), readTree(two.path(folder)))).toEqual([]);
    expect(readTree(two.path(folder)).size).toBeGreaterThan(2);
  });

  it('leave nothing to do afterwards', async () => {
    for (const device of [one, two]) {
      expect(await device.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0 });
    }
  });
});
