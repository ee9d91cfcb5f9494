import { join } from 'node:path';
import { NodeId } from '../../../shared/ids.ts';
import { type Filesystem, isSyncable } from './filesystem.ts';
import { OWN_FOLDERS, type Root, tmpFolder } from './root.ts';

/**
 * A file or folder of the person's that waits in `.driftless/tmp` for its name to become free carries this prefix and its
 * node id: it is never mistaken for a leftover.
 */
const PARKED = 'parked-';

/** Where a node is parked, as names from the root down. */
export const parkingPlace = (id: NodeId): readonly string[] => [...OWN_FOLDERS.tmp, `${PARKED}${id}`];

/**
 * Deletes what earlier runs left in `.driftless/tmp`, but for the names in `keep` (downloads to go on with). Answers the
 * ids of parked nodes, which the caller puts back.
 */
export async function emptyTmp(fs: Filesystem, root: Root, keep: ReadonlySet<string>): Promise<readonly NodeId[]> {
  const parked: NodeId[] = [];
  for (const { name, sight } of await fs.list(tmpFolder(root))) {
    if (keep.has(name)) continue;
    const id = name.startsWith(PARKED) ? NodeId.safeParse(name.slice(PARKED.length)) : undefined;
    if (id?.success) parked.push(id.data);
    else if (sight !== null && (!isSyncable(sight) || sight.kind === 'file'))
      await fs.unlink(join(tmpFolder(root), name));
  }
  return parked;
}
