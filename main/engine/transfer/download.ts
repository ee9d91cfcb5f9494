import PQueue from 'p-queue';
import { KiB } from '../../../shared/bytes.ts';
import { type Chunk, chunksSize } from '../../../shared/chunking/contentId.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { errorCode, type Filesystem, type OpenFile } from '../disk/filesystem.ts';
import { FileFailure, fileFailure } from '../hash/fileFailure.ts';
import type { ChunkCopy, Hasher } from '../hash/hasher.ts';
import { contentIdOf } from '../hash/smallFiles.ts';
import { ChunkMap, type ChunkRun, type PlacedChunk, place } from './chunkMap.ts';
import { cancelled, damaged, isProblem, notDriftless, ServerFailure } from './failure.ts';
import { fetchRun } from './fetchRun.ts';
import { inGroups } from './jobGroups.ts';
import type { ServerApi } from './server.ts';

export interface LargeDownload {
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly fs: Filesystem;
  readonly nodeId: NodeId;
  readonly contentId: ContentId;
  readonly size: number;
  /** Local files whose content the server knows, and that may share chunks with the wanted one. */
  readonly reuse: readonly ReusableFile[];
  /** Absolute path of the file to make. What an earlier try left there is used. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that are there and verified. */
  readonly onProgress?: (bytes: number) => void;
}

export interface ReusableFile {
  readonly path: string;
  readonly nodeId: NodeId;
  readonly contentId: ContentId;
}

export interface DownloadedFile {
  /** Content bytes that came over the wire. */
  readonly receivedBytes: number;
}

/** A gap of reusable bytes this short between two runs is fetched with them. */
const GAP_BYTES = 128 * KiB;
const RUNS_IN_FLIGHT = 3;

/**
 * Makes a file of a version of the server's: what an earlier try or other local files have is taken from there, the
 * rest is fetched. Every chunk is verified as it lies on disk, and the file is synced, before this resolves. Rejects
 * with ServerFailure or FileFailure; what was fetched stays for the next try.
 */
export async function downloadLarge(download: LargeDownload): Promise<DownloadedFile> {
  const { api, fs, nodeId, contentId, size, to, signal } = download;
  const { chunks } = await api.chunks(nodeId, contentId, signal);
  if (chunksSize(chunks) !== size || contentIdOf(size, chunks) !== contentId) {
    throw notDriftless('a list of chunks of other content');
  }
  const assembly = new Assembly(download, chunks);
  try {
    const { file, existed } = await openPartial(fs, to);
    try {
      if (existed) await assembly.verifyExisting(file);
      await assembly.copyReusable();
      await assembly.fetchMissing(file);
      await file.truncate(size);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    throw error instanceof ServerFailure ? error : fileFailure(error);
  }
  return { receivedBytes: assembly.receivedBytes };
}

/** The file as an earlier try left it, or a new one with the mode that any program's new file would have. */
async function openPartial(fs: Filesystem, path: string): Promise<{ file: OpenFile; existed: boolean }> {
  try {
    return { file: await fs.open(path, 'create'), existed: false };
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return { file: await fs.open(path, 'update'), existed: true };
  }
}

/** A file being put together from three sources. */
class Assembly {
  readonly #download: LargeDownload;
  readonly #map: ChunkMap;
  receivedBytes = 0;

  constructor(download: LargeDownload, chunks: readonly Chunk[]) {
    this.#download = download;
    this.#map = new ChunkMap(chunks);
  }

  /** Finds out which chunks an earlier try has left. */
  async verifyExisting(file: OpenFile): Promise<void> {
    const size = (await file.stat())?.size ?? 0;
    await this.#verify(this.#map.chunks.filter(({ offset, length }) => offset + length <= size));
  }

  /** Copies what other local files have. A source that cannot be had is no loss: its chunks are fetched. */
  async copyReusable(): Promise<void> {
    for (const source of this.#download.reuse) {
      if (this.#map.missing.length === 0) return;
      const copies = await this.#copiesFrom(source);
      await this.#copy(source.path, copies);
    }
  }

  /** One stream if nothing is there yet, otherwise the runs that are missing, a few at a time. */
  async fetchMissing(file: OpenFile): Promise<void> {
    const failed = new AbortController();
    const { signal } = this.#download;
    const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const fetching = new PQueue({ concurrency: RUNS_IN_FLIGHT });
    for (const run of this.#map.missingRuns(GAP_BYTES)) {
      fetching
        .add(() => this.#fetch(file, run, either))
        .catch((error: unknown) => {
          failed.abort(error);
          fetching.clear();
        });
    }
    await fetching.onIdle();
    failed.signal.throwIfAborted();
    signal?.throwIfAborted();
    if (this.#map.missing.length > 0) throw damaged();
  }

  async #fetch(file: OpenFile, run: ChunkRun, signal: AbortSignal): Promise<void> {
    const { api, nodeId, contentId, size } = this.#download;
    const range = run.start === 0 && run.end === size ? null : { start: run.start, end: run.end };
    const body = await api.content(nodeId, contentId, range, signal);
    if (range !== null && body.status !== 206) throw notDriftless('a whole file where a part was asked for');
    await fetchRun({
      body,
      file,
      run,
      onBytes: (bytes) => {
        this.receivedBytes += bytes;
      },
      onWritten: (chunks) => this.#verify(chunks),
    });
  }

  async #copiesFrom({ nodeId, contentId }: ReusableFile): Promise<ChunkCopy[]> {
    const { api, signal } = this.#download;
    try {
      const has = new Map(
        place((await api.chunks(nodeId, contentId, signal)).chunks).map((chunk) => [chunk.hash, chunk]),
      );
      return this.#map.missing.flatMap(({ hash, length, offset }) => {
        const source = has.get(hash);
        return source?.length === length ? [{ hash, length, fromOffset: source.offset, toOffset: offset }] : [];
      });
    } catch (error) {
      if (isProblem(error, 'not-found')) return [];
      throw error;
    }
  }

  async #copy(path: string, copies: readonly ChunkCopy[]): Promise<void> {
    const { hasher, to, signal } = this.#download;
    const byOffset = new Map(this.#map.chunks.map((chunk) => [chunk.offset, chunk]));
    const joined = (): boolean => true;
    await inGroups(copies, joined, async (group) => {
      signal?.throwIfAborted();
      const copied = await hasher.copyChunks(path, to, group).catch((error: unknown) => {
        if (error instanceof FileFailure && error.code !== 'disk-full') return [];
        throw error;
      });
      this.#settle(group.flatMap(({ toOffset }, i) => (copied[i] === true ? (byOffset.get(toOffset) ?? []) : [])));
    });
  }

  /** Reads chunks back from the file; those that are what they should be count from now on. */
  async #verify(chunks: readonly PlacedChunk[]): Promise<void> {
    const { hasher, to, signal } = this.#download;
    const neighbours = (a: PlacedChunk, b: PlacedChunk): boolean => a.offset + a.length === b.offset;
    await inGroups(chunks, neighbours, async (group) => {
      signal?.throwIfAborted();
      const lengths = group.map(({ length }) => length);
      const hashes = await hasher.hashWritten(to, group[0]?.offset ?? 0, lengths);
      this.#settle(group.filter(({ hash }, i) => hash === hashes[i]));
    });
  }

  #settle(chunks: readonly PlacedChunk[]): void {
    for (const chunk of chunks) this.#map.verify(chunk);
    this.#download.onProgress?.(this.#map.verifiedBytes);
  }
}
