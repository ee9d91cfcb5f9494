import type { Chunk } from '../../../shared/chunking/contentId.ts';
import type { ChunkHash, ContentId } from '../../../shared/ids.ts';
import type { DiskStat } from '../model.ts';
import type { FileFailureCode } from './fileFailure.ts';

/** What a worker thread can be asked for; each job takes milliseconds, so that files take turns. */
export type Job = CutJob | HashJob | CopyJob | SmallFilesJob | WriteJob;

/** Lengths of the chunks from the chunk border `from` on, for at least so many bytes or to the end of the file. */
export interface CutJob {
  readonly type: 'cut';
  readonly path: string;
  readonly size: number;
  readonly from: number;
  readonly atLeast: number;
}

/** Hashes of the chunks of these lengths. */
export interface HashJob {
  readonly type: 'hash';
  readonly path: string;
  /** Size that the file must have and keep; null while the file is being written, by whoever asks. */
  readonly size: number | null;
  readonly from: number;
  readonly lengths: readonly number[];
}

/** Copies chunks from one file to places in another, each only if its hash is right. */
export interface CopyJob {
  readonly type: 'copy';
  readonly path: string;
  readonly to: string;
  readonly copies: readonly ChunkCopy[];
}

export interface ChunkCopy {
  readonly hash: ChunkHash;
  readonly length: number;
  readonly fromOffset: number;
  readonly toOffset: number;
}

export interface SmallFilesJob {
  readonly type: 'small';
  readonly paths: readonly string[];
}

/** Makes files of verified bytes, synced to the disk. What is at their paths already is replaced. */
export interface WriteJob {
  readonly type: 'write';
  /** The files' bytes side by side. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly files: readonly FileToWrite[];
}

/** Bytes [start, end) of the job's bytes, which must have this content id. */
export interface FileToWrite {
  readonly to: string;
  readonly contentId: ContentId;
  readonly start: number;
  readonly end: number;
  /** Set before the file is synced, so that it need not be synced again for them. */
  readonly mtimeMs: number;
  readonly executable: boolean;
}

/** damaged: the bytes are not those of the content id. */
export type WriteOutcome = 'written' | 'damaged' | FileFailureCode;

export interface JobResults {
  readonly cut: { readonly lengths: readonly number[]; readonly stat: DiskStat };
  readonly hash: { readonly hashes: readonly string[]; readonly stat: DiskStat };
  /** For each copy whether it was made. */
  readonly copy: readonly boolean[];
  readonly small: readonly SmallFile[];
  readonly write: readonly WriteOutcome[];
}

/** A file of at most 256 KiB, read whole. The bytes of several files may share a buffer. */
export type SmallFile =
  | {
      readonly ok: true;
      readonly stat: DiskStat;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly chunks: readonly Chunk[];
      readonly contentId: ContentId;
    }
  | { readonly ok: false; readonly code: FileFailureCode };

export type JobReply =
  | { readonly ok: true; readonly result: JobResults[Job['type']] }
  | { readonly ok: false; readonly code: FileFailureCode; readonly message: string };
