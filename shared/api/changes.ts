import { z } from 'zod';
import { CHECKPOINTS_MAX } from './limits.ts';
import { Node } from './nodes.ts';

/**
 * A place in a user's history: `<seq>.<nonce>`, or `0` for the beginning. The nonce is random per change, so a cursor
 * from a history that a restore has undone is recognised (cursor-unknown) even where its seq exists again.
 */
export const Cursor = z.string().regex(/^(0|\d+\.[0-9a-f]+)$/);
export type Cursor = z.infer<typeof Cursor>;

/** Hex digits at the beginning of a nonce that are the same for all changes made by one run of the server. */
export const RUN_DIGITS = 8;

export const seqOf = (cursor: Cursor): number => Number.parseInt(cursor, 10);

/** Which run of the server made the change that the cursor points to; empty at the beginning of a history. */
export const runOf = (cursor: Cursor): string => (cursor.split('.')[1] ?? '').slice(0, RUN_DIGITS);

/**
 * Request header of whatever changes the tree: the cursor up to which the device knows the history. A server that does
 * not know it refuses (cursor-unknown), because sequence numbers in the request would mean something else to it.
 */
export const CURSOR_HEADER = 'driftless-cursor';

/** Rows in order of `seq`, each as it is now; a row that changes while paging comes again later. */
export const ChangesPage = z.object({
  nodes: z.array(Node),
  cursor: Cursor.describe('Where the next page begins'),
  caughtUp: z.boolean().describe('Nothing newer existed when this page was read'),
});
export type ChangesPage = z.infer<typeof ChangesPage>;

/** Cursors that a device was given in the history it followed, asked about after one of them was refused. */
export const CheckpointsRequest = z.object({ checkpoints: z.array(Cursor).max(CHECKPOINTS_MAX) });
export type CheckpointsRequest = z.infer<typeof CheckpointsRequest>;

/** Where that history and the server's part: both are the same up to `baseSeq`, and differ in all that comes after. */
export const SharedHistory = z.object({
  baseSeq: z.number().int().nonnegative().describe('0: nothing is shared, or nothing is known to be'),
});
export type SharedHistory = z.infer<typeof SharedHistory>;

/** Data of a `changes` server-sent event: a hint that the feed has moved, never the change itself. */
export const ChangesEvent = z.object({ head: z.number().int() });
export type ChangesEvent = z.infer<typeof ChangesEvent>;
