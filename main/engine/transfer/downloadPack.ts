import type { PackedDownload } from '../../../shared/api/packs.ts';
import { MiB } from '../../../shared/bytes.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { FileFailure } from '../hash/fileFailure.ts';
import type { FileToWrite, Hasher, WriteOutcome } from '../hash/hasher.ts';
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
  /** Unix ms. */
  readonly mtimeMs: number;
  readonly executable: boolean;
}

export type PackDownloadResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: FileFailure | ServerFailure };

export interface PackDownload {
  readonly api: ServerApi;
  /** Writes the files. */
  readonly hasher: Hasher;
  readonly items: readonly PackDownloadItem[];
  readonly signal?: AbortSignal | undefined;
}

/** Files are handed to a thread in batches of at most so many, or about so many bytes. */
const BATCH_FILES = 64;
const BATCH_BYTES = 1 * MiB;

/**
 * Downloads small files in one request, or several where they exceed what a pack holds. Each file is verified, written
 * whole and synced to disk before it counts. One result for each item, in order; never rejects for a file's or the
 * server's reasons.
 */
export async function downloadPack({
  api,
  hasher,
  items,
  signal,
}: PackDownload): Promise<readonly PackDownloadResult[]> {
  const results: PackDownloadResult[] = [];
  for (const pack of splitIntoPacks(items, ({ size }) => size)) {
    results.push(...(await downloadOne(api, hasher, pack, signal)));
  }
  return results;
}

async function downloadOne(
  api: ServerApi,
  hasher: Hasher,
  items: readonly PackDownloadItem[],
  signal: AbortSignal | undefined,
): Promise<PackDownloadResult[]> {
  const results: (PackDownloadResult | undefined)[] = [];
  const writing: Promise<void>[] = [];
  let batch = new Batch(items);
  const write = (): void => {
    const { bytes, files, indices } = batch;
    batch = new Batch(items);
    if (files.length === 0) return;
    const written = hasher.writeSmall(bytes, files).then((outcomes) => {
      for (const [i, outcome] of outcomes.entries()) {
        results[indices[i] ?? -1] = resultOf(outcome, files[i]?.to ?? '');
      }
    });
    written.catch(() => undefined);
    writing.push(written);
  };

  let lost: ServerFailure = notDriftless('a pack without all files');
  try {
    const files = items.map(({ nodeId, contentId }) => ({ nodeId, contentId }));
    let next = 0;
    for await (const { header, content } of readPack(await api.packDownload(files, signal))) {
      const item = items[next];
      if (item === undefined) break;
      const failure = faultOf(item, header);
      if (failure) results[next] = { ok: false, failure };
      else {
        if (!batch.hasRoomFor(content)) write();
        batch.add(next, item, content);
      }
      next += 1;
    }
  } catch (error) {
    lost = failureOf(error);
  }
  write();
  await Promise.all(writing);
  return items.map((_, i) => results[i] ?? { ok: false, failure: lost });
}

/** Files side by side in one buffer, each with its place among the items. */
class Batch {
  bytes = new Uint8Array(0);
  readonly files: FileToWrite[] = [];
  readonly indices: number[] = [];
  readonly #capacity: number;
  #used = 0;

  /** `items`: everything that may come; few small files need no large buffer. */
  constructor(items: readonly PackDownloadItem[]) {
    this.#capacity = Math.min(
      BATCH_BYTES,
      items.reduce((sum, { size }) => sum + size, 0),
    );
  }

  hasRoomFor(content: Uint8Array): boolean {
    return this.files.length === 0 || (this.files.length < BATCH_FILES && this.#used + content.length <= BATCH_BYTES);
  }

  add(index: number, { to, contentId, mtimeMs, executable }: PackDownloadItem, content: Uint8Array): void {
    if (this.bytes.length === 0) this.bytes = new Uint8Array(Math.max(this.#capacity, content.length));
    const start = this.#used;
    const end = start + content.length;
    this.bytes.set(content, start);
    this.files.push({ to, contentId, start, end, mtimeMs, executable });
    this.indices.push(index);
    this.#used = end;
  }
}

function faultOf(item: PackDownloadItem, header: PackedDownload): ServerFailure | undefined {
  const { problem } = header;
  if (problem) return new ServerFailure({ kind: 'problem', problem }, problem.title);
  if (header.nodeId !== item.nodeId) return notDriftless('a pack in another order');
  return header.size === item.size ? undefined : damaged();
}

function resultOf(outcome: WriteOutcome, path: string): PackDownloadResult {
  if (outcome === 'written') return { ok: true };
  if (outcome === 'damaged') return { ok: false, failure: damaged() };
  return { ok: false, failure: new FileFailure(outcome, `Could not be written: ${path}`) };
}
