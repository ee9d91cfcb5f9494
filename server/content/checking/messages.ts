import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { ExpectedChunk } from '../receiving/chunkVerifier.ts';

/** A part as it should lie in a staged file: these chunks one after the other, in these ranges. */
export interface ExpectedPart {
  readonly part: number;
  readonly ranges: readonly ByteRange[];
  readonly chunks: readonly ExpectedChunk[];
}

/** What a checking thread is given when it starts; it answers once, with the numbers of the parts that are there. */
export interface Check {
  readonly path: string;
  readonly parts: readonly ExpectedPart[];
}
