import { z } from 'zod';
import { ContentId } from '../ids.ts';

/** Longer side of a thumbnail in pixels; smaller pictures are not enlarged. */
export const THUMBNAIL_SIZES = [256, 512, 1_024] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

/**
 * What a look into some content has shown. It belongs to the content, not to a node: copies, moves and renames keep it,
 * and a new version gets its own.
 */
export const MediaFacts = z.object({
  contentId: ContentId,
  mime: z.string().describe('By the bytes, never by the name; application/octet-stream where they say nothing'),
  width: z.number().int().positive().optional().describe('Pixels, as shown: orientation applied'),
  height: z.number().int().positive().optional(),
  durationMs: z.number().int().nonnegative().optional(),
  codec: z.string().optional().describe('Of the picture where there is one, else of the sound'),
  takenAt: z.number().int().optional().describe('Unix ms; a camera without a time zone is taken to be in UTC'),
  camera: z.string().optional(),
  pages: z.number().int().positive().optional(),
  blurhash: z.string().optional(),
  thumbnail: z.boolean().describe('GET of the thumbnail answers with a picture'),
  reason: z.string().optional().describe('Why there is no thumbnail: one sentence for a person'),
});
export type MediaFacts = z.infer<typeof MediaFacts>;

/**
 * A place in the feed of facts: `<number>.<run>`, or `0` for the beginning. The run is that of the server which gave the
 * number out, so a place in a history that a restore has undone is recognised even where its number exists again.
 */
export const MediaCursor = z.string().regex(/^\d{1,15}(\.[0-9a-f]{1,16})?$/);
export type MediaCursor = z.infer<typeof MediaCursor>;

/**
 * Facts in the order in which they were found. They follow the files by seconds or minutes, so they have a feed of
 * their own: waiting for them would hold up sync, and a second row for each file would double it.
 */
export const MediaPage = z.object({
  facts: z.array(MediaFacts),
  next: MediaCursor.describe('`after` of the next page'),
  caughtUp: z.boolean(),
});
export type MediaPage = z.infer<typeof MediaPage>;

/** Data of a `media` server-sent event: facts up to this number exist. */
export const MediaEvent = z.object({ head: z.number().int() });
export type MediaEvent = z.infer<typeof MediaEvent>;
