import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { ExpectedChunk } from '../receiving/chunkVerifier.ts';

/** A part as it should lie in a staged file: these chunks one after the other, in these ranges. */
export interface ExpectedPart {
  readonly part: number;
  readonly ranges: readonly ByteRange[];
  readonly chunks: readonly ExpectedChunk[];
}

/** What a checking thread is given when it starts; it answers once: for each part how many chunks are there, from its first on. */
export interface Check {
  readonly path: string;
  readonly parts: readonly ExpectedPart[];
}
