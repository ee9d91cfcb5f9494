import { type RawBuilder, sql } from 'kysely';

/**
 * Values for `in (…)`, the last repeated up to a round number: lists of every length share a few prepared statements.
 * The list must not be empty.
 */
export function padded<T>(values: readonly T[]): T[] {
  let length = 1;
  while (length < values.length) length *= 4;
  const last = values.at(-1);
  return last === undefined ? [] : [...values, ...Array<T>(length - values.length).fill(last)];
}

/** `(?, ?), (?, ?) …` for `with t(a, b) as (values …)`, padded alike. */
export const valueTuples = (tuples: readonly (readonly unknown[])[]): RawBuilder<unknown> =>
  sql.join(padded(tuples).map((tuple) => sql`(${sql.join(tuple)})`));
