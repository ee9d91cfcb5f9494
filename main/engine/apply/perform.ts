import type { NodeId } from '../../../shared/ids.ts';
import type { Lane, Task } from '../agenda.ts';
import type { Hasher } from '../hash/hasher.ts';
import type { Perform } from '../lanes.ts';
import type { DiskStat } from '../model.ts';
import type { Operation } from '../plan/operations.ts';
import type { Random } from '../ports.ts';
import type { OwnWrites } from '../scan/ownWrites.ts';
import type { State } from '../store/state.ts';
import type { Tally } from '../tally.ts';
import type { ServerApi } from '../transfer/server.ts';
import { downloadLargeFile, downloadSmallFiles } from './downloads.ts';
import { hashFiles } from './hashing.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { changeLocalTree, type OnLocalTree } from './localTree.ts';
import { LOOK_AGAIN, type Outcome } from './outcome.ts';
import { changeServerTree, type OnServerTree } from './serverTree.ts';
import { uploadLargeFile, uploadSmallFiles } from './uploads.ts';

/** Everything that carrying out operations needs. */
export interface ApplyContext {
  readonly state: State;
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly disk: LocalDisk;
  readonly random: Random;
  readonly ownWrites: OwnWrites;
  readonly tally: Tally;
  /** Last sequence number seen in the feed. */
  seenSeq(): number;
  /** A person has confirmed the delete of this node. */
  isConfirmed(id: NodeId): boolean;
  /** A delete was carried out, of so many files. */
  onDeleted(direction: 'local' | 'remote', id: NodeId, files: number): void;
  /** A file was sent whose last write was a moment ago. */
  onFresh(id: NodeId, stat: DiskStat): void;
}

/** How the operations of each lane are carried out. */
export function performer(context: ApplyContext): Perform {
  return (lane: Lane, tasks: readonly Task[]): Promise<readonly Outcome[]> => {
    const operations = tasks.map(({ operation }) => operation);
    switch (lane) {
      case 'hash':
        return hashFiles(context, tasks);
      case 'smallUp':
        return uploadSmallFiles(context, tasks);
      case 'smallDown':
        return downloadSmallFiles(context, tasks);
      case 'largeUp':
        return Promise.all(tasks.map((task) => uploadLargeFile(context, task)));
      case 'largeDown':
        return Promise.all(tasks.map((task) => downloadLargeFile(context, task)));
      case 'remote':
        return only(operations, isOnServerTree, (mine) => changeServerTree(context, mine));
      case 'local':
        return only(operations, isOnLocalTree, (mine) => changeLocalTree(context, mine));
    }
  };
}

/** A lane holds operations of its own kinds only; should another stray in, it is planned again. */
async function only<Mine extends Operation>(
  operations: readonly Operation[],
  isMine: (operation: Operation) => operation is Mine,
  carryOut: (mine: readonly Mine[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const mine = operations.filter(isMine);
  const outcomes = await carryOut(mine);
  return operations.map(
    (operation) => (isMine(operation) ? outcomes[mine.indexOf(operation)] : undefined) ?? LOOK_AGAIN,
  );
}

function isOnServerTree(operation: Operation): operation is OnServerTree {
  switch (operation.kind) {
    case 'createRemoteFolder':
    case 'moveRemote':
    case 'setRemoteMetadata':
    case 'trashRemote':
      return true;
    default:
      return false;
  }
}

function isOnLocalTree(operation: Operation): operation is OnLocalTree {
  switch (operation.kind) {
    case 'createLocalFolder':
    case 'moveLocal':
    case 'parkLocal':
    case 'setLocalMetadata':
    case 'deleteLocal':
    case 'conflictCopy':
      return true;
    default:
      return false;
  }
}
