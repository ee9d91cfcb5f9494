import { z } from 'zod';
import { ContentId } from '../ids.ts';
import { ChunkTuple } from './uploads.ts';

/** Chunk list of a stored version, for delta download: fetch by Range only what is not at hand. */
export const ChunkList = z.object({
  contentId: ContentId,
  size: z.number().int().nonnegative(),
  chunks: z.array(ChunkTuple),
});
export type ChunkList = z.infer<typeof ChunkList>;
