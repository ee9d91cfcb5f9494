import { pathInside } from '../../disk/paths.ts';
import type { OpenMove } from '../../store/moves.ts';
import type { LocalDisk } from './localDisk.ts';
import { takeNameAway } from './move.ts';

/** Takes the old name from files that a crash left under both. The new name is found by the next look. */
export async function finishMoves(disk: LocalDisk, moves: readonly OpenMove[]): Promise<void> {
  const { fs, root } = disk;
  for (const { from, to } of moves) {
    const oldPath = pathInside(root.path, from.split('/'));
    const [before, after] = await Promise.all([fs.lstat(oldPath), fs.lstat(pathInside(root.path, to.split('/')))]);
    if (before?.kind !== 'file' || after?.kind !== 'file') continue;
    // On a disk that ignores case both may be the one name that it has.
    if (before.ino !== after.ino || before.dev !== after.dev || after.links < 2) continue;
    // What cannot be taken away stays, as a file of its own.
    await takeNameAway(disk, oldPath, after).catch(() => undefined);
  }
}
