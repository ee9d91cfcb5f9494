import { z } from 'zod';

/** Characters of a tag, a category, a subcategory or an entity's name. */
export const LABEL_MAX = 100;
/** Tags of one node. */
export const TAGS_MAX = 50;

/** As people write it: without control characters or commas, and with no space at either end. */
export const Label = z
  .string()
  .trim()
  .min(1)
  .max(LABEL_MAX)
  .regex(/^[^\p{Cc},]+$/u)
  .transform((label) => label.normalize('NFC'));

/** What people say about a node. None of it is on the disk, so none of it takes part in sync's decisions. */
export const LibraryFields = z.object({
  favourite: z.literal(true).optional(),
  tags: z.array(z.string()).min(1).optional().describe('In the order of their adding; no two equal but for case'),
  category: z.string().optional(),
  subcategory: z.string().optional(),
  entityId: z.string().optional().describe('What in the business it belongs to: a customer, a property, a shoot'),
});
export type LibraryFields = z.infer<typeof LibraryFields>;

/**
 * A change of it: what is not named stays. Tags come as additions and removals, so that two devices that tag the same
 * file while they are offline both have their way.
 */
export const LibraryChange = z.object({
  favourite: z.boolean().optional(),
  addTags: z.array(Label).max(TAGS_MAX).optional(),
  removeTags: z.array(Label).max(TAGS_MAX).optional(),
  category: Label.nullable().optional().describe('null: none'),
  subcategory: Label.nullable().optional().describe('null: none'),
  entityId: Label.nullable().optional().describe('null: none'),
});
export type LibraryChange = z.infer<typeof LibraryChange>;

/** A user's tags, by name. */
export const TagList = z.object({
  tags: z.array(z.object({ tag: z.string(), nodes: z.number().int().describe('Live files and folders that have it') })),
});
export type TagList = z.infer<typeof TagList>;
