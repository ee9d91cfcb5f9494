import type { FileDraft } from '../../../shared/api/nodes.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Task } from '../agenda.ts';
import { pathInside } from '../disk/paths.ts';
import type { Hasher } from '../hash/hasher.ts';
import { type DiskStat, mtimeMsOf, type RemoteNode } from '../model.ts';
import type { Operation } from '../plan/operations.ts';
import type { Random } from '../ports.ts';
import type { State } from '../store/state.ts';
import type { Tally } from '../tally.ts';
import type { ServerApi } from '../transfer/server.ts';
import { type UploadChange, uploadLarge } from '../transfer/upload.ts';
import { type PackResult, type SentItem, uploadPack } from '../transfer/uploadPack.ts';
import { outcomeOf } from './failures.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { CANCELLED, DONE, LOOK_AGAIN, type Outcome } from './outcome.ts';
import { recordUpload } from './record.ts';
import { settleNames } from './settleNames.ts';

type Upload = Extract<Operation, { kind: 'upload' }>;

export interface UploadContext {
  readonly state: State;
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly random: Random;
  readonly disk: LocalDisk;
  readonly tally: Tally;
  /** The file was written a moment before it was read. */
  onFresh(id: NodeId, stat: DiskStat): void;
}

const isUpload = (operation: Operation): operation is Upload => operation.kind === 'upload';

function draftOf({ id, place, baseContentRev, stat, executable }: Upload): FileDraft {
  return {
    nodeId: id,
    parentId: place.parentId,
    name: place.name,
    baseContentRev,
    size: stat.size,
    mtimeMs: mtimeMsOf(stat),
    executable,
  };
}

/** Where the file lies; undefined when the tree has lost it meanwhile. */
function pathOf({ state, disk }: UploadContext, id: NodeId): string | undefined {
  const local = state.local.get(id);
  const names = local && state.diskPathOf(local);
  return names && pathInside(disk.root.path, names);
}

/** Small files, packed; one outcome for each, in order. */
export async function uploadSmallFiles(context: UploadContext, tasks: readonly Task[]): Promise<readonly Outcome[]> {
  const { state, api, hasher, tally } = context;
  const uploads = tasks.map(({ operation }) => operation).filter(isUpload);
  const items = uploads.flatMap((operation) => {
    const path = pathOf(context, operation.id);
    return path === undefined ? [] : [{ operation, path, draft: draftOf(operation), expected: operation.stat }];
  });
  const onSending = async (files: readonly SentItem[]): Promise<void> => {
    const replacing = files.filter(({ item }) => item.draft.baseContentRev !== null);
    await settleNames(
      context.disk,
      replacing.map(({ item }) => item.path),
    );
    state.transaction(() => {
      for (const { item, contentId } of files)
        recordSending(state, { ...item.draft, size: item.expected.size }, contentId);
    });
  };
  let results: readonly PackResult[];
  try {
    results = await uploadPack({ api, hasher, items, onSending });
  } catch (error) {
    return uploads.map(({ id }) => outcomeOf(error, state.shownPath(id)));
  }
  const byId = new Map(items.map(({ operation }, i) => [operation.id, results[i]]));
  return state.transaction(() =>
    uploads.map((operation) => {
      const result = byId.get(operation.id);
      if (!result) return LOOK_AGAIN;
      if (!result.ok) return outcomeOf(result.failure, state.shownPath(operation.id));
      tally.wire(operation.stat.size, 0);
      return recordSent(context, operation, result.node);
    }),
  );
}

/** One large file, resumed where an earlier try ended. */
export async function uploadLargeFile(context: UploadContext, { operation, signal }: Task): Promise<Outcome> {
  const { state, api, hasher, random, tally, disk } = context;
  if (!isUpload(operation)) return LOOK_AGAIN;
  const { id } = operation;
  const path = pathOf(context, id);
  if (path === undefined) return LOOK_AGAIN;
  try {
    const { node, sentBytes } = await uploadLarge({
      api,
      hasher,
      fs: disk.fs,
      random,
      path,
      draft: draftOf(operation),
      expected: operation.stat,
      resume: state.uploads.get(id),
      onStored: (change) => store(state, id, change),
      onArrived: () => settleNames(disk, operation.baseContentRev === null ? [] : [path]),
      signal,
      onProgress: (bytes) => tally.progress(id, bytes),
    });
    tally.wire(sentBytes, 0);
    return state.transaction(() => recordSent(context, operation, node));
  } catch (error) {
    tally.transferred(id, 0);
    return signal.aborted ? CANCELLED : outcomeOf(error, state.shownPath(id));
  }
}

function store(state: State, id: NodeId, change: UploadChange): void {
  switch (change.type) {
    case 'opened': {
      const { uploadId, draft, stat } = change;
      state.transaction(() => state.uploads.open(id, { uploadId, draft, stat }));
      break;
    }
    case 'chunked':
      state.uploads.append(id, change.from, change.chunks);
      break;
    case 'completing':
      recordSending(state, change.draft, change.contentId);
      break;
    case 'closed':
      state.uploads.remove(id);
      break;
  }
}

/** Before the server can take it: the answer may be lost. */
function recordSending(
  state: State,
  { nodeId, parentId, name, baseContentRev, size, mtimeMs, executable }: FileDraft,
  contentId: ContentId,
): void {
  const creates = baseContentRev === null ? { parentId, name } : null;
  state.sent.add(nodeId, { aspect: 'content', creates, contentId, size, mtimeMs, executable });
}

function recordSent(context: UploadContext, operation: Upload, node: RemoteNode): Outcome {
  const { state, tally } = context;
  recordUpload(state, operation.stat, node);
  tally.count('uploaded');
  tally.transferred(operation.id, operation.stat.size);
  context.onFresh(operation.id, operation.stat);
  return DONE;
}
