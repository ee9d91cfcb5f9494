import type { OperationResult, Operation as ServerOperation } from '../../../shared/api/nodes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import type { Operation } from '../plan/operations.ts';
import { placeOf } from '../plan/place.ts';
import { finalPlaces } from '../plan/plan.ts';
import type { State } from '../store/state.ts';
import type { ServerApi } from '../transfer/server.ts';
import { outcomeOf, outcomeOfProblem } from './failures.ts';
import { settleGaps } from './gaps.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { ASK_AGAIN, DONE, type Outcome } from './outcome.ts';
import { recordRemoteFolder, recordRemoteMetadata, recordRemoteMove } from './record.ts';

export type OnServerTree = Extract<
  Operation,
  { kind: 'createRemoteFolder' | 'moveRemote' | 'setRemoteMetadata' | 'trashRemote' }
>;

export interface ServerTreeContext {
  readonly api: ServerApi;
  readonly state: State;
  readonly disk: LocalDisk;
  /** Last sequence number seen in the feed: whatever is newer inside a folder must not go with it. */
  seenSeq(): number;
  /** Deletes that a person has confirmed are marked, so that no other device asks again. */
  isConfirmed(id: NodeId): boolean;
}

/** Sends changes of the tree, many in one request; one outcome for each, in order. */
export async function changeServerTree(
  context: ServerTreeContext,
  operations: readonly OnServerTree[],
): Promise<readonly Outcome[]> {
  const { api, state } = context;
  const sent = operations.map((operation) => requestFor(context, operation));
  state.transaction(() => {
    for (const request of sent) recordSending(state, request);
  });
  const gone = operations.filter(({ kind }) => kind === 'trashRemote').map(({ id }) => id);
  let results: readonly OperationResult[];
  try {
    if (gone.length > 0) await settleGaps(context, gone);
    results = await api.operations(sent);
  } catch (error) {
    const outcome = outcomeOf(error, '');
    return operations.map(() => outcome);
  }
  return state.transaction(() =>
    operations.map((operation, i) => {
      const result = results[i];
      const request = sent[i];
      if (!result || !request) return ASK_AGAIN;
      if (!result.ok) return outcomeOfProblem(result.problem);
      record(state, operation, request, result.nodes);
      return DONE;
    }),
  );
}

function requestFor({ state, seenSeq, isConfirmed }: ServerTreeContext, operation: OnServerTree): ServerOperation {
  const { id } = operation;
  switch (operation.kind) {
    case 'createRemoteFolder':
      return { type: 'createFolder', id, ...operation.place, mtimeMs: operation.mtimeMs };
    case 'moveRemote': {
      const others = finalPlaces(state, operation.with);
      return {
        type: 'move',
        moves: [
          { id, placeRev: operation.placeRev, ...operation.place },
          ...others.map(({ id: other, place }) => ({
            id: other,
            placeRev: state.remote.get(other)?.placeRev ?? 0,
            ...place,
          })),
        ],
      };
    }
    case 'setRemoteMetadata':
      return { type: 'setMetadata', id, mtimeMs: operation.mtimeMs, executable: operation.executable };
    case 'trashRemote': {
      const { contentRev, placeRev } = operation;
      return { type: 'trash', id, contentRev, placeRev, seenSeq: seenSeq(), confirmed: isConfirmed(id) };
    }
  }
}

/** Before the server can take it: the answer may be lost. A trashed node is not known here afterwards either way. */
function recordSending({ sent }: State, request: ServerOperation): void {
  switch (request.type) {
    case 'createFolder':
      sent.add(request.id, { aspect: 'place', creates: true, place: placeOf(request) });
      return;
    case 'move':
      for (const move of request.moves) sent.add(move.id, { aspect: 'place', creates: false, place: placeOf(move) });
      return;
    case 'setMetadata':
      sent.add(request.id, { aspect: 'metadata', mtimeMs: request.mtimeMs, executable: request.executable });
      return;
    case 'trash':
      return;
  }
}

type ServerNodes = Extract<OperationResult, { ok: true }>['nodes'];

function record(state: State, operation: OnServerTree, request: ServerOperation, nodes: ServerNodes): void {
  for (const node of nodes) {
    switch (operation.kind) {
      case 'createRemoteFolder':
        recordRemoteFolder(state, operation.place, node);
        break;
      case 'moveRemote': {
        const moved = request.type === 'move' ? request.moves.find(({ id }) => id === node.id) : undefined;
        if (moved) recordRemoteMove(state, { parentId: moved.parentId, name: moved.name }, node);
        break;
      }
      case 'setRemoteMetadata':
        recordRemoteMetadata(state, operation, node);
        break;
      case 'trashRemote':
        state.remote.put(node);
        break;
    }
  }
}
