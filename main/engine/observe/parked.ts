import { join } from 'node:path';
import { type DiskStat, type LocalNode, PARKED, sameObservation } from '../model.ts';
import type { ScannerParts } from '../scan/scanner.ts';
import type { State } from '../store/state.ts';

/**
 * What lies parked is in no folder that is listed, but a program that has it open may go on writing into it, and what is
 * not there any more had its place again when the engine was killed. Looks at each of the few there are.
 */
export async function lookAtParked(
  { fs, root, ownWrites, clock }: Pick<ScannerParts, 'fs' | 'root' | 'ownWrites' | 'clock'>,
  state: State,
): Promise<void> {
  const parked = state.local.children(PARKED);
  if (parked.length === 0) return;
  const own = ownWrites.observe();
  try {
    for (const { id, diskName } of parked) {
      const sight = await fs.lstat(join(root.path, diskName));
      const row = state.local.get(id);
      if (row?.parentId !== PARKED || own.touched(PARKED, row.name)) continue;
      const now = asSeen(row, sight?.kind === row.kind ? sight : undefined, clock.now());
      if (now !== row) state.transaction(() => state.local.put(now));
    }
  } finally {
    own.end();
  }
}

function asSeen(row: LocalNode, stat: DiskStat | undefined, now: number): LocalNode {
  if (!stat) return row.missingSince === null ? { ...row, missingSince: now } : row;
  return sameObservation(row.stat, stat) ? row : { ...row, stat, contentId: null };
}
