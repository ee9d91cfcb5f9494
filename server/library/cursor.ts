import { z } from 'zod';
import { refuse } from '../refusal.ts';
import { type LibraryQuery, SORTS } from './query.ts';

/** A place in an order: the key of the row last seen, and its number where keys are equal. */
export interface Place {
  readonly key: string | number;
  readonly row: number;
}

const Told = z.tuple([z.string(), z.string(), z.union([z.string(), z.int()]), z.int()]);

export const cursorOf = ({ sort, order }: LibraryQuery, { key, row }: Place): string =>
  Buffer.from(JSON.stringify([sort, order, key, row])).toString('base64url');

/** Where the page begins; undefined: at the beginning. The cursor of another order is refused. */
export function placeOf({ sort, order, cursor }: LibraryQuery): Place | undefined {
  if (cursor === undefined) return undefined;
  const told = Told.safeParse(parsed(cursor)).data;
  if (told?.[0] !== sort || told[1] !== order || typeof told[2] !== SORTS[sort].type) {
    throw refuse('malformed', 'The cursor belongs to another list or order. Begin without one.');
  }
  return { key: told[2], row: told[3] };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
