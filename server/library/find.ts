import { type RawBuilder, sql } from 'kysely';
import type { NodePage } from '../../shared/api/nodes.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { NODE_COLUMNS, nodeOf } from '../tree/node.ts';
import { cursorOf, type Place, placeOf } from './cursor.ts';
import { type Asked, filtersOf, understand } from './filters.ts';
import { type LibraryQuery, SORTS } from './query.ts';
import { fewest } from './sources.ts';

/** So few nodes are read and sorted for a page … */
const SORTED_MOST = 2_000;
/** … and otherwise so many looked at in their order. */
const LOOKED_AT = 4_000;

type Found = NodeRow & { readonly row: number };

/**
 * A page of a list or search. Its work has a bound, whatever is asked of however many nodes: where one filter leaves few
 * nodes, these are sorted; otherwise nodes are looked at in their order. So a page may hold fewer nodes than asked for,
 * even none, and yet have a next one.
 */
export async function findNodes(db: Db, userId: UserId, query: LibraryQuery): Promise<NodePage> {
  const asked = await understand(db, userId, query);
  const after = placeOf(query);
  if (walksAFolder(asked)) return walk(db, asked, after);
  const ids = await fewest(db, asked, SORTED_MOST);
  return ids ? gather(db, asked, ids, after) : walk(db, asked, after);
}

/** A folder by name has an index of its own, which is the best for its plain list. */
const walksAFolder = ({
  parentId,
  sort,
  state,
  types,
  spellings,
  terms,
  favourite,
  category,
  entityId,
}: Asked): boolean =>
  parentId !== undefined &&
  sort === 'name' &&
  state === 'live' &&
  types.length + spellings.length + terms.length === 0 &&
  (favourite ?? category ?? entityId) === undefined;

const COLUMNS = sql.join([...NODE_COLUMNS.map((column) => sql.ref(`n.${column}`)), sql`n.rowid as "row"`]);

async function gather(
  db: Db,
  asked: Asked,
  ids: RawBuilder<{ id: string }>,
  after: Place | undefined,
): Promise<NodePage> {
  const { rows } = await sql<Found>`select ${COLUMNS} from (select distinct id from (${ids})) c
    cross join nodes n on n.user_id = ${asked.userId} and n.id = c.id
    where ${both([sql`n.state = ${asked.state}`, ...kindOf(asked), ...filtersOf(asked), ...beyond(asked, 'n.', after)])}
    order by ${ordered(asked, 'n.')} limit ${asked.limit + 1}`.execute(db);
  return pageOf(asked, rows, undefined);
}

async function walk(db: Db, asked: Asked, after: Place | undefined): Promise<NodePage> {
  const filters = filtersOf(asked);
  const lookedAt = sql`from nodes indexed by ${way(asked)} and ${both([sql`true`, ...beyond(asked, '', after)])}
    order by ${ordered(asked, '')}`;
  const { rows } = await sql<Found>`select ${COLUMNS} from (
      select rowid, * ${lookedAt} limit ${Math.max(LOOKED_AT, asked.limit + 1)}
    ) n where ${both([sql`true`, ...filters])} limit ${asked.limit + 1}`.execute(db);
  if (rows.length > asked.limit || filters.length === 0) return pageOf(asked, rows, undefined);
  const { rows: ends } = await sql<{ key: string | number; row: number }>`
    select ${sql.ref(SORTS[asked.sort].key)} as "key", rowid as "row" ${lookedAt}
    limit 1 offset ${Math.max(LOOKED_AT, asked.limit + 1) - 1}`.execute(db);
  return pageOf(asked, rows, ends[0]);
}

/** The index of an order, and what its condition wants to be told in so many words. */
function way(asked: Asked): RawBuilder<unknown> {
  const { userId, state, sort, parentId } = asked;
  if (sort === 'name' && state === 'live' && parentId !== undefined) {
    return sql`nodes_live_names
      where user_id = ${userId} and coalesce(parent_id, '') = ${parentId ?? ''} and state = 'live'`;
  }
  const kind = kindOf(asked).length > 0 ? sql`and kind = 'file'` : sql``;
  return sql`${sql.ref(SORTS[sort].index)}
    where user_id = ${userId} and state = ${sql.lit(state)} and state <> 'purged' ${kind}`;
}

/** Folders have no content that could be recent. */
const kindOf = ({ sort }: Asked): RawBuilder<unknown>[] => (sort === 'recent' ? [sql`kind = 'file'`] : []);

function beyond({ sort, order }: Asked, of: 'n.' | '', after: Place | undefined): RawBuilder<unknown>[] {
  if (!after) return [];
  const key = sql.ref(`${of}${SORTS[sort].key}`);
  const row = sql.ref(`${of}rowid`);
  const place = sql`(${after.key}, ${after.row})`;
  return [order === 'asc' ? sql`(${key}, ${row}) > ${place}` : sql`(${key}, ${row}) < ${place}`];
}

function ordered({ sort, order }: Asked, of: 'n.' | ''): RawBuilder<unknown> {
  const direction = order === 'asc' ? sql`asc` : sql`desc`;
  return sql`${sql.ref(`${of}${SORTS[sort].key}`)} ${direction}, ${sql.ref(`${of}rowid`)} ${direction}`;
}

const both = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(conditions, sql` and `);

/** `end`: the last row that was looked at, where looking ended before the page was full. */
function pageOf(asked: Asked, rows: readonly Found[], end: Place | undefined): NodePage {
  const page = rows.slice(0, asked.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last ? { key: last[SORTS[asked.sort].key] ?? '', row: last.row } : end;
  return { nodes: page.map(nodeOf), next: more ? cursorOf(asked, more) : null };
}
