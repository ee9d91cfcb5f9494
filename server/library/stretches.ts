import { type RawBuilder, sql } from 'kysely';
import type { Place } from './cursor.ts';
import { type LibraryQuery, SORTS } from './query.ts';

export const keyOf = ({ sort }: Pick<LibraryQuery, 'sort'>): RawBuilder<unknown> => sql.ref(`n.${SORTS[sort].key}`);

/**
 * The rows after one place and up to another, as conditions to be asked one after the other: an index finds its way to
 * a row's number only below one key. In a single condition, a page amid very many equal keys would begin with the first
 * of them.
 */
export function stretches(
  asked: Pick<LibraryQuery, 'sort' | 'order'>,
  after: Place | undefined,
  end: Place | undefined,
): RawBuilder<unknown>[] {
  const key = keyOf(asked);
  const [beyond, within] = asked.order === 'asc' ? [sql`>`, sql`<`] : [sql`<`, sql`>`];
  if (after && end && after.key === end.key) {
    return [sql`${key} = ${after.key} and n.rowid ${beyond} ${after.row} and n.rowid ${within}= ${end.row}`];
  }
  const between = [
    ...(after ? [sql`${key} ${beyond} ${after.key}`] : []),
    ...(end ? [sql`${key} ${within} ${end.key}`] : []),
  ];
  return [
    ...(after ? [sql`${key} = ${after.key} and n.rowid ${beyond} ${after.row}`] : []),
    between.length === 0 ? sql`true` : sql.join(between, sql` and `),
    ...(end ? [sql`${key} = ${end.key} and n.rowid ${within}= ${end.row}`] : []),
  ];
}
