import { SMALL_FILE_BYTES } from '../../../shared/api/limits.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Task } from '../agenda.ts';
import { pathInside } from '../disk/paths.ts';
import type { Hasher } from '../hash/hasher.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import type { State } from '../store/state.ts';
import { outcomeOf, outcomeOfFile } from './failures.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { DONE, LOOK_AGAIN, type Outcome } from './outcome.ts';

export interface HashingContext {
  readonly state: State;
  readonly hasher: Hasher;
  readonly disk: LocalDisk;
}

/** Finds out what is in files whose content a decision depends on; one outcome for each, in order. */
export async function hashFiles(context: HashingContext, tasks: readonly Task[]): Promise<readonly Outcome[]> {
  const { state, hasher, disk } = context;
  const located = tasks.map(({ operation, signal }) => {
    const local = state.local.get(operation.id);
    const names = local && state.diskPathOf(local);
    const path = names && pathInside(disk.root.path, names);
    return { id: operation.id, path, size: local?.stat.size ?? 0, signal };
  });
  const small = located.filter(({ path, size }) => path !== undefined && size <= SMALL_FILE_BYTES);
  const files = await hasher.readSmall(small.flatMap(({ path }) => path ?? []));
  const read = new Map(small.map(({ id }, i) => [id, files[i]]));
  return Promise.all(
    located.map(async ({ id, path, signal }): Promise<Outcome> => {
      if (path === undefined) return LOOK_AGAIN;
      const file = read.get(id);
      if (file)
        return file.ok
          ? recordContent(state, id, file.contentId, file.stat)
          : outcomeOfFile(file.code, state.shownPath(id));
      try {
        const { contentId, stat } = await hasher.hashFile(path, signal);
        return recordContent(state, id, contentId, stat);
      } catch (error) {
        return signal.aborted ? { type: 'cancelled' } : outcomeOf(error, state.shownPath(id));
      }
    }),
  );
}

function recordContent(state: State, id: NodeId, contentId: ContentId, stat: DiskStat): Outcome {
  const local = state.local.get(id);
  if (!local || !sameObservation(local.stat, stat)) return LOOK_AGAIN;
  state.local.put({ ...local, contentId });
  return DONE;
}
