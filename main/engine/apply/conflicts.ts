import type { NodeId } from '../../../shared/ids.ts';
import { conflictCopyName } from '../plan/conflictName.ts';
import type { State } from '../store/state.ts';
import type { Tally } from '../tally.ts';
import { bringBack } from './local/keepCopy.ts';
import type { LocalDisk } from './local/localDisk.ts';

export interface RescueContext {
  readonly state: State;
  readonly disk: LocalDisk;
  readonly device: string;
  readonly tally: Tally;
}

/**
 * Somebody went on writing into a file while a newer version took its place. Those bytes go back beside it as a
 * conflict copy; the next look at the folder finds it as a new file. `rescued` is where they lie in undo.
 */
export async function conflictFromRescue(
  { state, disk, device, tally }: RescueContext,
  id: NodeId,
  rescued: string,
): Promise<void> {
  const local = state.local.get(id);
  const at = local && state.diskPathOf(local);
  // The folder has gone as well: what was rescued stays in undo.
  if (!at) return;
  const found = await disk.fs.lstat(rescued);
  const mtimeMs = found?.kind === 'file' ? Number(found.mtimeNs / 1_000_000n) : disk.clock.now();
  const result = await bringBack(disk, {
    rescued,
    folder: at.slice(0, -1),
    nameFor: (attempt) => conflictCopyName(local.name, device, mtimeMs, attempt + 1),
  });
  if (result.status === 'done') tally.count('conflicts');
}
