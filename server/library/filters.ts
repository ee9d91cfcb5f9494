import { type RawBuilder, sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import { nameKey } from '../../shared/names.ts';
import { textsIn } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { searchIndexOf } from '../search/indexing.ts';
import { matches, termsOf, wordsOf } from '../search/words.ts';
import type { LibraryQuery } from './query.ts';

/** A query with its words understood, as its SQL needs them. */
export interface Asked extends LibraryQuery {
  readonly userId: UserId;
  /** Of each tag asked for, all ways in which this user writes it. */
  readonly spellings: readonly (readonly string[])[];
  readonly terms: readonly string[];
}

export async function understand(db: Db, userId: UserId, query: LibraryQuery): Promise<Asked> {
  const terms = query.q === undefined ? [] : termsOf(query.q);
  return { ...query, userId, terms, spellings: await spellingsOf(db, userId, query.tags) };
}

async function spellingsOf(db: Db, userId: UserId, tags: readonly string[]): Promise<string[][]> {
  if (tags.length === 0) return [];
  const known = await db.selectFrom('tags').select('tag').where('user_id', '=', userId).execute();
  return tags.map((wanted) => {
    const key = nameKey(wanted);
    return [...new Set([wanted, ...known.map(({ tag }) => tag).filter((tag) => nameKey(tag) === key)])];
  });
}

/** What a row `n` must be, one condition each; its user and state are the caller's. */
export function filtersOf(db: Db, asked: Asked): RawBuilder<unknown>[] {
  const { parentId, types, favourite, category, subcategory, entityId, terms } = asked;
  const matching = terms.length === 0 ? undefined : searchIndexOf(db).condition(terms);
  return [
    ...(parentId === undefined ? [] : [sql`coalesce(n.parent_id, '') = ${parentId ?? ''}`]),
    ...(types.length === 0 ? [] : [sql`n.file_type in (${sql.join(types)})`]),
    ...(favourite === undefined ? [] : [sql`n.favourite = ${Number(favourite)}`]),
    ...(category === undefined ? [] : [sql`n.category = ${category}`]),
    ...(subcategory === undefined ? [] : [sql`n.subcategory = ${subcategory}`]),
    ...(entityId === undefined ? [] : [sql`n.entity_id = ${entityId}`]),
    ...asked.spellings.map(
      (tags) => sql`exists (select 1 from ${textsIn(db, sql`n.tags`)} where t.value in (${sql.join(tags)}))`,
    ),
    ...(matching ? [matching] : []),
  ];
}

/** What `filtersOf` leaves to be looked at row by row, on a database that cannot tell; undefined: nothing. */
export function leftToLookAt(
  db: Db,
  { terms }: Asked,
): ((row: { readonly name: string; readonly tags: string | null }) => boolean) | undefined {
  if (terms.length === 0 || searchIndexOf(db).condition(terms)) return undefined;
  return ({ name, tags }) => matches(wordsOf(name, tags), terms);
}
