import type { FileDraft, Node, OperationResult } from '../../../shared/api/nodes.ts';
import { frameHead, type PackedFile } from '../../../shared/api/packs.ts';
import type { ContentId } from '../../../shared/ids.ts';
import { FileFailure } from '../hash/fileFailure.ts';
import type { Hasher, SmallFile } from '../hash/hasher.ts';
import { changed } from '../hash/reading.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import { notDriftless, ServerFailure } from './failure.ts';
import type { ServerApi } from './server.ts';
import { splitIntoPacks } from './splitIntoPacks.ts';

export interface PackItem {
  readonly path: string;
  readonly draft: Omit<FileDraft, 'size'>;
  /** What the file was observed to be; it must still be that. */
  readonly expected: DiskStat;
}

export type PackResult =
  | { readonly ok: true; readonly node: Node; readonly contentId: ContentId; readonly stat: DiskStat }
  | { readonly ok: false; readonly failure: FileFailure | ServerFailure };

export interface SentItem {
  readonly item: PackItem;
  readonly contentId: ContentId;
}

export interface PackUpload {
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly items: readonly PackItem[];
  /** These are about to be sent: to be stored before it resolves, because their answer can be lost. */
  readonly onSending: (files: readonly SentItem[]) => void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uploads small files in one request, or several where they exceed what a pack holds. One result for each item, in
 * order; never rejects for a file's or the server's reasons: those are in the results. Safe to repeat.
 */
export async function uploadPack({ items, ...how }: PackUpload): Promise<readonly PackResult[]> {
  const results: PackResult[] = [];
  for (const pack of splitIntoPacks(items, ({ expected }) => expected.size))
    results.push(...(await uploadOne({ ...how, items: pack })));
  return results;
}

async function uploadOne({ api, hasher, items, onSending, signal }: PackUpload): Promise<PackResult[]> {
  const files = await hasher.readSmall(items.map(({ path }) => path));
  const frames: Uint8Array[] = [];
  const sending: SentItem[] = [];
  const outcomes = items.map((item, i): ReadFile | FileFailure => {
    const file = files[i];
    if (file?.ok !== true) return new FileFailure(file?.code ?? 'unusable', `Could not be read: ${item.path}`);
    if (!sameObservation(file.stat, item.expected)) return changed(item.path);
    frames.push(frameHead(headerOf(item, file)), file.bytes);
    sending.push({ item, contentId: file.contentId });
    return file;
  });
  if (sending.length > 0) await onSending(sending);
  const answers = await send(api, frames, signal);
  let next = 0;
  return outcomes.map((outcome): PackResult => {
    if (outcome instanceof FileFailure) return { ok: false, failure: outcome };
    if (answers instanceof ServerFailure) return { ok: false, failure: answers };
    next += 1;
    return resultOf(outcome, answers[next - 1]);
  });
}

type ReadFile = SmallFile & { ok: true };

/** The server's answers, or why there are none. */
async function send(
  api: ServerApi,
  frames: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<readonly OperationResult[] | ServerFailure> {
  if (frames.length === 0) return [];
  try {
    return await api.packUpload(Buffer.concat(frames), signal);
  } catch (error) {
    if (error instanceof ServerFailure) return error;
    throw error;
  }
}

function headerOf({ draft }: PackItem, { bytes, chunks, contentId }: ReadFile): PackedFile {
  return { ...draft, size: bytes.length, contentId, chunks: chunks.map(([hash, length]) => [hash, length]) };
}

function resultOf({ contentId, stat }: ReadFile, answer: OperationResult | undefined): PackResult {
  if (answer?.ok === false) {
    const { problem } = answer;
    return { ok: false, failure: new ServerFailure({ kind: 'problem', problem }, problem.title) };
  }
  const node = answer?.nodes[0];
  if (node === undefined) return { ok: false, failure: notDriftless('a pack without results') };
  return { ok: true, node, contentId, stat };
}
