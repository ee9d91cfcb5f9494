import { type Cursor, runOf, seqOf } from '../../../shared/api/changes.ts';
import { CHECKPOINTS_MAX } from '../../../shared/api/limits.ts';

/**
 * Cursors of the history followed so far, by seq, with this one: the last of each run of the server, because that is
 * all it takes to find where two histories part. When there are too many the one goes that leaves the smallest gap
 * for its age: close together near the end, further and further apart towards the beginning.
 */
export function withCheckpoint(checkpoints: readonly Cursor[], cursor: Cursor): readonly Cursor[] {
  const last = checkpoints.at(-1);
  if (cursor === '0' || (last !== undefined && seqOf(cursor) <= seqOf(last))) return checkpoints;
  const sameRun = last !== undefined && runOf(last) === runOf(cursor);
  const kept = [...(sameRun ? checkpoints.slice(0, -1) : checkpoints), cursor];
  return kept.length > CHECKPOINTS_MAX ? without(kept, leastMissed(kept)) : kept;
}

const without = (checkpoints: readonly Cursor[], index: number): readonly Cursor[] => checkpoints.toSpliced(index, 1);

/** Neither the first nor the last. */
function leastMissed(checkpoints: readonly Cursor[]): number {
  const seqs = checkpoints.map(seqOf);
  const head = seqs.at(-1) ?? 0;
  let least = Number.POSITIVE_INFINITY;
  let index = 1;
  for (let i = 1; i < seqs.length - 1; i += 1) {
    const before = seqs[i - 1] ?? 0;
    const gap = ((seqs[i + 1] ?? head) - before) / (head - before);
    if (gap < least) {
      least = gap;
      index = i;
    }
  }
  return index;
}
