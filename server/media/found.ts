import type { ThumbnailSize } from '../../shared/api/media.ts';

/** What the server asks its media process: a look into one stored file. Paths are absolute. */
export interface Job {
  readonly objectId: string;
  readonly path: string;
  /** The folder that its thumbnails belong in. */
  readonly thumbnails: string;
}

/** Programs of the system that some kinds of media need. */
export type Tool = 'ffmpeg' | 'poppler';

/** What the look has shown. Without a thumbnail it says why, in a sentence for a person. */
export interface Found {
  readonly mime: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly codec?: string | undefined;
  readonly takenAt?: number | undefined;
  readonly camera?: string | undefined;
  readonly pages?: number | undefined;
  readonly blurhash?: string | undefined;
  /** The largest size that was written; smaller ones are there too, larger ones would only be enlarged. */
  readonly thumbnail?: ThumbnailSize | undefined;
  readonly reason?: string | undefined;
  /** Another look shows more once this is installed. */
  readonly missingTool?: Tool | undefined;
}

export type ToWorker = { readonly jobs: readonly Job[] };

/**
 * In this order: what needed no decoding, then one after the other what did; `rest` ends a batch, done or not. `stuck`:
 * the disk takes no thumbnails.
 */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'begin'; readonly objectId: string; readonly mime: string }
  | { readonly type: 'found'; readonly found: readonly (readonly [objectId: string, found: Found])[] }
  | { readonly type: 'rest'; readonly stuck: boolean };
