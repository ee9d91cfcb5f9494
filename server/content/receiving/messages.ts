import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { ExpectedChunk } from './chunkVerifier.ts';

/** What the receiving thread is told. `id` names one part that is being received. */
export type ToThread =
  | {
      readonly type: 'open';
      readonly id: number;
      readonly path: string;
      readonly ranges: readonly ByteRange[];
      readonly chunks: readonly ExpectedChunk[];
    }
  /** The pieces' memory comes along: it is the thread's from then on. */
  | { readonly type: 'bytes'; readonly id: number; readonly pieces: readonly Uint8Array[] }
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'drop'; readonly id: number };

/** Each `bytes` and `finish` is answered once, in order. */
export type FromThread =
  | { readonly type: 'taken'; readonly id: number }
  | {
      readonly type: 'finished';
      readonly id: number;
      /** Chunks from the first on that were right, and are written. */
      readonly chunks: number;
      /** What the disk said, when it failed. */
      readonly fault: { readonly code: string | undefined; readonly message: string } | null;
    };
