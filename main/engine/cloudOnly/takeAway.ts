import type { ContentId } from '../../../shared/ids.ts';
import { type Changed, changed, isAsExpected, type LocalDisk } from '../apply/local/localDisk.ts';
import { putBack } from '../apply/local/putBack.ts';
import { type Removal, removeFile } from '../apply/local/remove.ts';
import { unlinkIfThere } from '../apply/local/undo.ts';
import { pathInside } from '../disk/paths.ts';
import type { Hasher } from '../hash/hasher.ts';
import { renamed } from '../model.ts';

export type TakenAway =
  | { readonly status: 'done' }
  /** It is back where it was, and this is what it really holds. */
  | { readonly status: 'differs'; readonly contentId: ContentId }
  | Changed;

/**
 * Removes a file whose content is known to be stored on the server, for good: its room is what is wanted. It is moved
 * aside first and read once more there, so that a change that left no trace in size and time is found too; then it is
 * put back. Throws DiskError, FileFailure.
 */
export async function takeAway(
  disk: LocalDisk,
  hasher: Pick<Hasher, 'hashFile'>,
  removal: Removal,
  stored: ContentId,
): Promise<TakenAway> {
  const removed = await removeFile(disk, removal);
  if (removed.status !== 'done') return removed;
  const { kept } = removed;
  let result: TakenAway = changed('source');
  try {
    const { contentId } = await hasher.hashFile(kept);
    if (contentId !== stored) result = { status: 'differs', contentId };
    else if (isAsExpected(await disk.fs.lstat(kept), renamed(removal.expected))) result = { status: 'done' };
  } finally {
    if (result.status === 'done') await unlinkIfThere(disk, kept);
    else await putBack(disk, kept, pathInside(disk.root.path, removal.at));
  }
  return result;
}
