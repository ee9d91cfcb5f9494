import { link } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finishMoves } from '../../../main/engine/apply/local/finishMoves.ts';
import { TestDisk } from './disk.ts';

let at: TestDisk;

beforeEach(async () => {
  at = await TestDisk.make();
});

afterEach(() => at.delete());

it('takes the old name from a file that a crash left under both', async () => {
  await at.write('a');
  await link(at.path('a'), at.path('b'));
  await finishMoves(at.disk, [{ from: 'a', to: 'b' }]);
  expect(await at.names()).toEqual(['b']);
});

it('leaves two files alone that only bear the names of a move', async () => {
  await at.write('a');
  await at.write('b');
  await finishMoves(at.disk, [{ from: 'a', to: 'b' }]);
  expect(await at.names()).toEqual(['a', 'b']);
});

it('leaves a file alone whose move never began', async () => {
  await at.write('a');
  await finishMoves(at.disk, [{ from: 'a', to: 'b' }]);
  expect(await at.names()).toEqual(['a']);
});
