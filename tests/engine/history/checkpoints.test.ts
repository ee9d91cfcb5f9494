import { expect, test } from 'vitest';
import { withCheckpoint } from '../../../main/engine/history/checkpoints.ts';
import { type Cursor, seqOf } from '../../../shared/api/changes.ts';
import { CHECKPOINTS_MAX } from '../../../shared/api/limits.ts';

const cursor = (seq: number, run: number): Cursor => `${seq}.${run.toString(16).padStart(8, '0')}00000000`;

const after = (cursors: readonly Cursor[]): readonly Cursor[] =>
  cursors.reduce((kept: readonly Cursor[], each) => withCheckpoint(kept, each), []);

test('the last cursor of each run of the server is kept', () => {
  const cursors = [cursor(1, 1), cursor(5, 1), cursor(7, 2), cursor(9, 2), cursor(12, 3)];
  expect(after(cursors)).toEqual([cursor(5, 1), cursor(9, 2), cursor(12, 3)]);
});

test('the beginning, and what is known already, is no checkpoint', () => {
  expect(after(['0', cursor(5, 1), cursor(5, 1), cursor(3, 1)])).toEqual([cursor(5, 1)]);
});

test('they are never more than may be offered, and lie closer the newer they are', () => {
  const seqs = after(Array.from({ length: 10_000 }, (_, i) => cursor(10 * (i + 1), i))).map(seqOf);
  expect(seqs).toHaveLength(CHECKPOINTS_MAX);
  expect(seqs.at(-1)).toBe(100_000);
  // Wherever the histories part, the newest checkpoint before that is not much further away than that itself.
  for (const parted of [99_900, 99_000, 95_000, 80_000, 50_000, 20_000]) {
    const base = seqs.findLast((seq) => seq <= parted) ?? 0;
    expect(100_000 - base).toBeLessThan(1.5 * (100_000 - parted) + 20);
  }
});
