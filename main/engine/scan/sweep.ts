import type { NodeId } from '../../../shared/ids.ts';
import { isSyncable } from '../disk/filesystem.ts';
import { inLanes } from '../disk/lanes.ts';
import { pathInside } from '../disk/paths.ts';
import { checkRoot, type RootFault } from '../disk/root.ts';
import type { LocalNode } from '../model.ts';
import { diskNamesOf, type LocalChange } from './known.ts';
import type { ScannerParts } from './scanner.ts';

/** A move between two folders shows as a gap until both were listed; what is missing longer than this is gone. */
const GRACE_MS = 2_000;
const LOOKS_AT_ONCE = 32;

export type SweepResult =
  | {
      readonly status: 'done';
      readonly removed: number;
      /** Folders in which something believed missing is there: to be scanned. */
      readonly again: readonly (NodeId | null)[];
    }
  | { readonly status: 'halted'; readonly fault: RootFault };

/**
 * Removes the rows of what has been missing for `graceMs`, after one more look at the disk. `now` is Unix ms by the
 * clock that stamped `missingSince`.
 */
export async function sweepMissing(parts: ScannerParts, now: number, graceMs = GRACE_MS): Promise<SweepResult> {
  const { fs, root, known } = parts;
  await restamp(parts, now, graceMs);
  const missing = known.missing(now - graceMs);
  if (missing.length === 0) return { status: 'done', removed: 0, again: [] };
  const own = parts.ownWrites.observe();
  try {
    const gone: LocalNode[] = [];
    const again = new Set<NodeId | null>();
    const absent = await inLanes(missing, LOOKS_AT_ONCE, (node) => isAbsent(parts, node));
    missing.forEach((node, index) => {
      if (absent[index]) gone.push(node);
      else again.add(node.parentId);
    });
    const check = await checkRoot(fs, root);
    if (check.status === 'refused') return { status: 'halted', fault: check.fault };
    const changes: LocalChange[] = [];
    for (const { id, parentId, name } of gone) {
      const row = known.get(id);
      if (row === undefined || row.missingSince === null) continue;
      if (own.touched(parentId, name) || row.parentId !== parentId || row.name !== name) again.add(row.parentId);
      else changes.push({ type: 'remove', id });
    }
    if (changes.length > 0) await parts.apply(changes);
    return { status: 'done', removed: changes.length, again: [...again] };
  } finally {
    own.end();
  }
}

/** The clock was set back: what it stamped before begins its wait anew, not at a moment that may be years away. */
async function restamp({ known, apply }: ScannerParts, now: number, graceMs: number): Promise<void> {
  const ahead = known
    .missing(Number.MAX_SAFE_INTEGER)
    .filter(({ missingSince }) => (missingSince ?? 0) > now + graceMs);
  if (ahead.length > 0) await apply(ahead.map((node) => ({ type: 'put', node: { ...node, missingSince: now } })));
}

async function isAbsent({ fs, root, known }: ScannerParts, node: LocalNode): Promise<boolean> {
  // Another node has the place: this one is not coming back to it.
  if (known.child(node.parentId, node.name)?.id !== node.id) return true;
  const names = diskNamesOf(known, node.id);
  if (names === undefined) return true;
  try {
    const sight = await fs.lstat(pathInside(root.path, names));
    // A file that became a folder is no longer there, and the folder is another node, or ignored.
    if (sight === undefined || !isSyncable(sight) || sight.kind !== node.kind) return true;
    // A disk that ignores case finds `a` where `A` was: only the listing tells the names.
    const siblings = await fs.list(pathInside(root.path, names.slice(0, -1)));
    return siblings.every(({ name }) => name !== node.diskName);
  } catch {
    return false;
  }
}
