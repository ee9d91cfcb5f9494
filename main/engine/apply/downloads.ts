import { join } from 'node:path';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Task } from '../agenda.ts';
import { pathInside } from '../disk/paths.ts';
import { tmpFolder } from '../disk/root.ts';
import type { Hasher } from '../hash/hasher.ts';
import type { Operation } from '../plan/operations.ts';
import type { OwnWrites } from '../scan/ownWrites.ts';
import type { State } from '../store/state.ts';
import type { Tally } from '../tally.ts';
import { downloadLarge, type ReusableFile } from '../transfer/download.ts';
import { downloadPack } from '../transfer/downloadPack.ts';
import type { ServerApi } from '../transfer/server.ts';
import { outcomeOf } from './failures.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { type Placement, placeFiles } from './local/place.ts';
import { CANCELLED, DONE, LOOK_AGAIN, type Outcome } from './outcome.ts';
import { recordDownload } from './record.ts';

export type Download = Extract<Operation, { kind: 'download' }>;

export interface DownloadContext {
  readonly state: State;
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly disk: LocalDisk;
  readonly ownWrites: OwnWrites;
  readonly tally: Tally;
}

const isDownload = (operation: Operation): operation is Download => operation.kind === 'download';

/** Name in `.driftless/tmp` of content on its way: the same after a restart, so that it can be gone on with. */
const partialName = (id: NodeId, contentId: ContentId): string => `${id}-${contentId.slice(0, 16)}`;

/** What earlier downloads of these nodes may have left to go on with. */
export const partialDownloads = (state: State, ids: readonly NodeId[]): ReadonlySet<string> =>
  new Set(
    ids.flatMap((id) => {
      const contentId = state.remote.get(id)?.contentId;
      return contentId ? [partialName(id, contentId)] : [];
    }),
  );

const partialPath = ({ disk }: DownloadContext, { id, contentId }: Download): string =>
  join(tmpFolder(disk.root), partialName(id, contentId));

/** Small files, packed; one outcome for each, in order. */
export async function downloadSmallFiles(
  context: DownloadContext,
  tasks: readonly Task[],
): Promise<readonly Outcome[]> {
  const { state, api, hasher, tally } = context;
  const downloads = tasks.map(({ operation }) => operation).filter(isDownload);
  const items = downloads.map((operation) => ({
    nodeId: operation.id,
    contentId: operation.contentId,
    size: operation.size,
    to: partialPath(context, operation),
    mtimeMs: operation.mtimeMs,
    executable: operation.executable,
  }));
  const results = await downloadPack({ api, hasher, items });
  const arrived = downloads.filter((_, i) => results[i]?.ok);
  for (const { size } of arrived) tally.wire(0, size);
  const placed = await placeDownloads(context, arrived);
  const byId = new Map(arrived.map(({ id }, i) => [id, placed[i]]));
  return downloads.map(({ id }, i) => {
    const result = results[i];
    if (result && !result.ok) return outcomeOf(result.failure, state.shownPath(id));
    return byId.get(id) ?? LOOK_AGAIN;
  });
}

/** One large file; what an earlier try or other local files have is not fetched again. */
export async function downloadLargeFile(context: DownloadContext, { operation, signal }: Task): Promise<Outcome> {
  const { state, api, hasher, tally, disk } = context;
  if (!isDownload(operation)) return LOOK_AGAIN;
  const { id, contentId, size } = operation;
  try {
    const { receivedBytes } = await downloadLarge({
      api,
      hasher,
      fs: disk.fs,
      nodeId: id,
      contentId,
      size,
      reuse: reusable(context, operation),
      to: partialPath(context, operation),
      signal,
      onProgress: (bytes) => tally.progress(id, bytes),
    });
    tally.wire(0, receivedBytes);
    if (signal.aborted) return CANCELLED;
    const [outcome] = await placeDownloads(context, [operation]);
    return outcome ?? LOOK_AGAIN;
  } catch (error) {
    tally.transferred(id, 0);
    return signal.aborted ? CANCELLED : outcomeOf(error, state.shownPath(id));
  }
}

/** The file that is replaced, and one that has the very content already. */
function reusable({ state, disk }: DownloadContext, { id, contentId }: Download): readonly ReusableFile[] {
  const replaced = state.local.get(id);
  const [twin] = state.local.byContent(contentId);
  return [replaced, twin].flatMap((local) => {
    const names = local && state.diskPathOf(local);
    if (!names || local.contentId === null) return [];
    const path = pathInside(disk.root.path, names);
    return [{ path, nodeId: local.id, contentId: local.contentId }];
  });
}

async function placeDownloads(context: DownloadContext, downloads: readonly Download[]): Promise<readonly Outcome[]> {
  const { state, disk, ownWrites } = context;
  const targets = downloads.map((operation) => {
    const local = operation.replaces === null ? undefined : state.local.get(operation.id);
    return local ?? { ...operation.place, diskName: operation.place.name };
  });
  const ended = ownWrites.begin(targets);
  try {
    const placements = downloads.flatMap((operation, i): Placement[] => {
      const target = state.diskPath(targets[i] ?? operation.place, targets[i]?.diskName);
      if (!target) return [];
      const { replaces: expected, mtimeMs, executable } = operation;
      return [{ tmp: partialPath(context, operation), target, expected, mtimeMs, executable }];
    });
    const placed = await placeFiles(disk, placements);
    const byTmp = new Map(placements.map(({ tmp }, i) => [tmp, placed[i]]));
    const results = downloads.map((operation) => byTmp.get(partialPath(context, operation)));
    return state.transaction(() => downloads.map((operation, i) => record(context, operation, results[i])));
  } finally {
    ended();
  }
}

function record(
  { state, tally }: DownloadContext,
  operation: Download,
  result: Awaited<ReturnType<typeof placeFiles>>[number] | undefined,
): Outcome {
  if (!result || result.status === 'changed') return LOOK_AGAIN;
  if (result.status === 'failed') return outcomeOf(result.error, state.shownPath(operation.id));
  recordDownload(state, operation, result.stat);
  tally.count('downloaded');
  if (result.conflict) tally.count('conflicts');
  tally.transferred(operation.id, operation.size);
  return DONE;
}
