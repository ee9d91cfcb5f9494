import { type FileHandle, open, rm } from 'node:fs/promises';
import PQueue from 'p-queue';
import type { PackedDownload } from '../../../shared/api/packs.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { type FileFailure, fileFailure } from '../hash/fileFailure.ts';
import { chunksOf } from '../hash/smallFiles.ts';
import { damaged, failureOf, notDriftless, ServerFailure } from './failure.ts';
import { readPack } from './packReader.ts';
import type { ServerApi } from './server.ts';
import { splitIntoPacks } from './splitIntoPacks.ts';

export interface PackDownloadItem {
  readonly nodeId: NodeId;
  readonly contentId: ContentId;
  readonly size: number;
  /** Absolute path of the file to make; what is there already is replaced. */
  readonly to: string;
}

export type PackDownloadResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: FileFailure | ServerFailure };

export interface PackDownload {
  readonly api: ServerApi;
  readonly items: readonly PackDownloadItem[];
  readonly signal?: AbortSignal | undefined;
}

/** Syncs to disk at a time: the file system writes its journal once for all of them. */
const WRITES_AT_ONCE = 16;

/**
 * Downloads small files in one request, or several where they exceed what a pack holds. Each file is verified, written
 * whole and synced to disk before it counts. One result for each item, in order; never rejects for a file's or the
 * server's reasons.
 */
export async function downloadPack({ api, items, signal }: PackDownload): Promise<readonly PackDownloadResult[]> {
  const results: PackDownloadResult[] = [];
  for (const pack of splitIntoPacks(items, ({ size }) => size)) results.push(...(await downloadOne(api, pack, signal)));
  return results;
}

async function downloadOne(
  api: ServerApi,
  items: readonly PackDownloadItem[],
  signal: AbortSignal | undefined,
): Promise<PackDownloadResult[]> {
  const results: (PackDownloadResult | undefined)[] = [];
  const writing = new PQueue({ concurrency: WRITES_AT_ONCE });
  let lost: ServerFailure = notDriftless('a pack without all files');
  try {
    const files = items.map(({ nodeId, contentId }) => ({ nodeId, contentId }));
    let next = 0;
    for await (const { header, content } of readPack(await api.packDownload(files, signal))) {
      const at = next;
      const item = items[at];
      next += 1;
      if (item === undefined) break;
      const failure = faultOf(item, header, content);
      if (failure) {
        results[at] = { ok: false, failure };
        continue;
      }
      // The content is only lent until the next frame.
      const bytes = Uint8Array.from(content);
      void writing.add(async () => {
        results[at] = await writeNew(item.to, bytes);
      });
      await writing.onSizeLessThan(WRITES_AT_ONCE);
    }
  } catch (error) {
    lost = failureOf(error);
  }
  await writing.onIdle();
  return items.map((_, i) => results[i] ?? { ok: false, failure: lost });
}

function faultOf(item: PackDownloadItem, header: PackedDownload, content: Uint8Array): ServerFailure | undefined {
  const { problem } = header;
  if (problem) return new ServerFailure({ kind: 'problem', problem }, problem.title);
  if (header.nodeId !== item.nodeId) return notDriftless('a pack in another order');
  const isIt = content.length === item.size && chunksOf(content).contentId === item.contentId;
  return isIt ? undefined : damaged();
}

/** With the mode that any program's new file would have. */
async function writeNew(path: string, bytes: Uint8Array): Promise<PackDownloadResult> {
  try {
    const file = await openNew(path);
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, failure: fileFailure(error) };
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(path);
    return open(path, 'wx');
  }
}
