import { z } from 'zod';
import { Node } from './nodes.ts';

/**
 * A place in a user's history: `<seq>.<nonce>`, or `0` for the beginning. The nonce is random per change, so a cursor
 * from a history that a restore has undone is recognised (cursor-unknown) even where its seq exists again.
 */
export const Cursor = z.string().regex(/^(0|\d+\.[0-9a-f]+)$/);
export type Cursor = z.infer<typeof Cursor>;

/** Rows in order of `seq`, each as it is now; a row that changes while paging comes again later. */
export const ChangesPage = z.object({
  nodes: z.array(Node),
  cursor: Cursor.describe('Where the next page begins'),
  caughtUp: z.boolean().describe('Nothing newer existed when this page was read'),
});
export type ChangesPage = z.infer<typeof ChangesPage>;

/** Data of a `changes` server-sent event: a hint that the feed has moved, never the change itself. */
export const ChangesEvent = z.object({ head: z.number().int() });
export type ChangesEvent = z.infer<typeof ChangesEvent>;
