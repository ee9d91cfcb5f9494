import type { RawBuilder } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';

/** What finds nodes by their words. It may name some that do not match, and misses none of those that it has read. */
export interface SearchIndex {
  /** Brings these nodes in, in place of what it knew of `ids`; those that are not among them are forgotten. */
  replace(trx: Db, userId: UserId, ids: readonly NodeId[], nodes: readonly IndexedNode[]): Promise<void>;
  /** A subquery with a column `id`, of those that may hold all terms; undefined: it has read nothing of this user's. */
  candidates(db: Db, userId: UserId, terms: readonly string[]): Promise<RawBuilder<{ id: string }> | undefined>;
  /** Whether a row `n` holds all terms, as a condition; undefined: the database cannot tell, `rowMatches` can. */
  condition(terms: readonly string[]): RawBuilder<unknown> | undefined;
}

export interface IndexedNode {
  readonly id: NodeId;
  /** Its words, then the beginning of each. */
  readonly indexed: string;
}

/** No name holds it: it stands before the beginnings of words, so that one or two letters make three. */
export const MARK = '\u0002';
/** Stands between a node's words and their beginnings. */
export const DIVIDE = '\u0001';

/** What the index reads for a node: its words, then the beginning of each. */
export const indexed = (words: string, beginnings: ReadonlySet<string>): string =>
  `${words}${DIVIDE}${[...beginnings].map((beginning) => MARK + MARK + beginning).join('')}`;
