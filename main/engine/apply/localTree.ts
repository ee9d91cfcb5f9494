import type { NodeId } from '../../../shared/ids.ts';
import type { DiskNames } from '../disk/paths.ts';
import type { LocalNode, Place } from '../model.ts';
import type { Operation } from '../plan/operations.ts';
import type { OwnWrites } from '../scan/ownWrites.ts';
import type { State } from '../store/state.ts';
import type { Tally } from '../tally.ts';
import { outcomeOf } from './failures.ts';
import { FolderSyncs, type LocalDisk } from './local/localDisk.ts';
import { setMetadata } from './local/metadata.ts';
import { makeFolder, moveEntry, park } from './local/move.ts';
import { removeFile, removeFolder } from './local/remove.ts';
import { DONE, LOOK_AGAIN, type Outcome } from './outcome.ts';
import { moved, recordLocalMetadata, recordLocalMove, recordNewFolder, recordParked, recordRemoval } from './record.ts';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;
export type OnLocalTree = Of<
  'createLocalFolder' | 'moveLocal' | 'parkLocal' | 'setLocalMetadata' | 'deleteLocal' | 'conflictCopy'
>;

export interface LocalTreeContext {
  readonly state: State;
  readonly disk: LocalDisk;
  readonly ownWrites: OwnWrites;
  readonly tally: Tally;
  /** A delete was carried out, of so many files. */
  onDeleted(direction: 'local' | 'remote', id: NodeId, files: number): void;
}

/** What is written down when the disk's part is durable. */
type Record = () => void;

/**
 * Changes the tree on disk, one operation after the other, and makes all of it durable at once before any of it is
 * written down. One outcome for each, in order.
 */
export async function changeLocalTree(
  context: LocalTreeContext,
  operations: readonly OnLocalTree[],
): Promise<readonly Outcome[]> {
  const { state, disk, ownWrites } = context;
  const ended = ownWrites.begin(operations.flatMap((operation) => touched(state, operation)));
  try {
    const syncs = new FolderSyncs(disk.fs);
    const results: (Record | Outcome)[] = [];
    for (const operation of operations) results.push(await attempt(context, operation, syncs));
    await syncs.flush();
    return state.transaction(() => {
      state.moves.clear();
      return results.map((result) => {
        if (typeof result !== 'function') return result;
        result();
        return DONE;
      });
    });
  } finally {
    ended();
  }
}

async function attempt(
  context: LocalTreeContext,
  operation: OnLocalTree,
  syncs: FolderSyncs,
): Promise<Record | Outcome> {
  try {
    return (await carryOut(context, operation, syncs)) ?? LOOK_AGAIN;
  } catch (error) {
    return outcomeOf(error, context.state.shownPath(operation.id));
  }
}

/** Every place that the operation changes on disk. */
function touched(state: State, operation: OnLocalTree): readonly Place[] {
  const local = state.local.get(operation.id);
  const from = local ? [local] : [];
  switch (operation.kind) {
    case 'createLocalFolder':
    case 'moveLocal':
      return [...from, operation.place];
    case 'conflictCopy':
      return local ? [local, { parentId: local.parentId, name: operation.name }] : [];
    case 'parkLocal':
    case 'setLocalMetadata':
    case 'deleteLocal':
      return from;
  }
}

/** undefined: the disk is not what was observed. */
async function carryOut(
  context: LocalTreeContext,
  operation: OnLocalTree,
  syncs: FolderSyncs,
): Promise<Record | undefined> {
  const { state, disk } = context;
  if (operation.kind === 'createLocalFolder') {
    const { id, place } = operation;
    const names = state.diskPath(place);
    const made = names && (await makeFolder(disk, names, syncs));
    return made?.status === 'done' ? () => recordNewFolder(state, id, place, made.stat) : undefined;
  }
  const local = state.local.get(operation.id);
  const at = local && state.diskPathOf(local);
  if (!at) return undefined;
  switch (operation.kind) {
    case 'moveLocal':
      return move(context, { local, at }, operation, syncs);
    case 'conflictCopy':
      return stepAside(context, { local, at }, operation, syncs);
    case 'parkLocal': {
      const parked = await park(disk, { id: local.id, from: at, expected: operation.stat }, syncs);
      if (parked.status !== 'done') return undefined;
      return () => recordParked(state, [local.id]);
    }
    case 'setLocalMetadata': {
      const { mtimeMs, executable, stat: expected } = operation;
      const set = await setMetadata(disk, { at, expected, mtimeMs, executable });
      return set.status === 'done' ? () => recordLocalMetadata(state, local, set.stat) : undefined;
    }
    case 'deleteLocal':
      return remove(context, { local, at }, operation, syncs);
  }
}

/** A node, and where it lies on disk. */
interface Located {
  readonly local: LocalNode;
  readonly at: DiskNames;
}

/** A folder changes its name at once. */
function begun(state: State, { local, at }: Located, to: DiskNames): void {
  if (local.kind === 'file') state.moves.begin({ from: at.join('/'), to: to.join('/') });
}

async function move(
  { state, disk, tally }: LocalTreeContext,
  { local, at }: Located,
  { place, stat }: Of<'moveLocal'>,
  syncs: FolderSyncs,
): Promise<Record | undefined> {
  const to = state.diskPath(place);
  if (!to) return undefined;
  begun(state, { local, at }, to);
  const done = await moveEntry(disk, { from: at, to, expected: stat }, syncs);
  if (done.status !== 'done') return undefined;
  return () => {
    recordLocalMove(state, local, place, done.stat);
    tally.count('moved');
  };
}

/** The losing version of a conflict leaves its id: under its new name it is a file of its own. */
async function stepAside(
  { state, disk, tally }: LocalTreeContext,
  { local, at: from }: Located,
  { name, stat }: Of<'conflictCopy'>,
  syncs: FolderSyncs,
): Promise<Record | undefined> {
  const to = [...from.slice(0, -1), name];
  begun(state, { local, at: from }, to);
  const aside = await moveEntry(disk, { from, to, expected: stat }, syncs);
  if (aside.status !== 'done') return undefined;
  return () => {
    state.local.remove(local.id);
    state.local.put({ ...moved(local, aside.stat), id: disk.random.nodeId(), name, diskName: name });
    tally.count('conflicts');
  };
}

async function remove(
  { state, disk, tally, onDeleted }: LocalTreeContext,
  { local, at }: Located,
  { stat }: Of<'deleteLocal'>,
  syncs: FolderSyncs,
): Promise<Record | undefined> {
  const removal = { at, expected: stat };
  if (local.kind === 'file') {
    if ((await removeFile(disk, removal, syncs)).status !== 'done') return undefined;
  } else {
    const removed = await removeFolder(disk, removal, syncs);
    // A folder that holds only ignored files stays on this disk, and is deleted as far as syncing goes.
    if (removed.status !== 'done' && !(removed.status === 'not-empty' && removed.onlyIgnored)) return undefined;
  }
  return () => {
    recordRemoval(state, local.id, disk.clock.now());
    tally.count('deleted');
    onDeleted('local', local.id, local.kind === 'file' ? 1 : 0);
  };
}
