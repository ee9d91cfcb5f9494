import { KiB, MiB } from '../shared/bytes.ts';
import { fractions, writeRandomFile } from '../tests/e2e/harness/random.ts';

/** What a step works on: `one` large file, `many` small files, or a `creator`'s folder of photos and clips. */
export type DataSetName = 'one' | 'many' | 'creator';

export interface DataSet {
  readonly files: number;
  readonly bytes: number;
}

export const LARGE_FILE = 'big.bin';
/** Half of the small files lie below this folder. */
export const HALF = 'project-a';

/** Fills an empty folder with a data set. Names, sizes and bytes depend on the scale alone; the bytes are incompressible. */
export function fill(folder: string, name: DataSetName, scale: number): DataSet {
  let files = 0;
  let bytes = 0;
  for (const [path, size] of filesOf(name, scale)) {
    writeRandomFile(`${folder}/${path}`, size, `bench/${name}/${path}`);
    files += 1;
    bytes += size;
  }
  return { files, bytes };
}

function* filesOf(name: DataSetName, scale: number): Generator<readonly [path: string, size: number]> {
  const fraction = fractions(`bench/${name}`);
  const scaled = (count: number): number => Math.max(1, Math.round(count * scale));
  switch (name) {
    case 'one':
      yield [LARGE_FILE, Math.round(1024 * MiB * scale)];
      return;
    case 'many':
      for (const top of [HALF, 'project-b']) {
        for (let folder = 0; folder < 100; folder += 1) {
          for (let file = 0; file < scaled(50); file += 1) {
            yield [`${top}/folder-${folder}/file-${file}.dat`, smallSize(fraction(), fraction())];
          }
        }
      }
      return;
    case 'creator':
      for (let i = 0; i < scaled(200); i += 1) {
        yield [`shoot/session-${Math.floor(i / 20)}/IMG_${1000 + i}.CR3`, Math.round((2 + 6 * fraction()) * MiB)];
      }
      for (let i = 0; i < scaled(20); i += 1) {
        yield [`footage/clip-${100 + i}.mp4`, Math.round((50 + 50 * fraction()) * MiB * Math.min(1, scale * 10))];
      }
  }
}

/** Log-normal around 8 KiB, between 1 and 64 KiB, from two uniform fractions (Box-Muller). */
function smallSize(u: number, v: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  return Math.round(Math.min(64 * KiB, Math.max(KiB, 8 * KiB * Math.exp(normal))));
}
