import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { MiB } from '../../shared/bytes.ts';

/** Makes garbage of which much lives for a moment, as a look at very many files does; prints how large its space has become. */
const SCRIPT = `
import './main/headless/tuning.ts';
import { getHeapSpaceStatistics } from 'node:v8';
let kept = [];
for (let n = 0; n < 3_000_000; n += 1) {
  kept.push({ n });
  if (kept.length > 200_000) kept = [];
}
console.log(getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size);
`;

test('a program that runs an engine keeps the space for young objects small', () => {
  const cwd = resolve(import.meta.dirname, '../..');
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { cwd, encoding: 'utf8' });
  expect(Number(printed)).toBeLessThan(8 * MiB);
});
