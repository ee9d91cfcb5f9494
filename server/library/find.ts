import { type RawBuilder, sql } from 'kysely';
import type { NodePage } from '../../shared/api/nodes.ts';
import type { UserId } from '../../shared/ids.ts';
import { by } from '../db/dialect.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { NODE_COLUMNS, nodeOf } from '../tree/node.ts';
import { cursorOf, type Place, placeOf } from './cursor.ts';
import { type Asked, filtersOf, leftToLookAt, understand } from './filters.ts';
import { type LibraryQuery, SORTS } from './query.ts';
import { fewest } from './sources.ts';
import { keyOf, stretches } from './stretches.ts';

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
  const fits = leftToLookAt(db, asked);
  const conditions = [
    sql`n.state = ${asked.state}`,
    ...kindOf(asked),
    ...filtersOf(db, asked),
    ...beyond(asked, after),
  ];
  const { rows } = await sql<Found>`select ${COLUMNS} from (select distinct id from (${ids}) i) c
    cross join nodes n
    where n.user_id = ${asked.userId} and n.id = c.id and ${both(conditions)}
    order by ${ordered(asked)} limit ${fits ? SORTED_MOST : asked.limit + 1}`.execute(db);
  return pageOf(asked, fits ? rows.filter(fits) : rows, undefined);
}

async function walk(db: Db, asked: Asked, after: Place | undefined): Promise<NodePage> {
  const filters = filtersOf(db, asked);
  const fits = leftToLookAt(db, asked);
  const end = filters.length === 0 && !fits ? undefined : await endOfLook(db, asked, after);
  const rows: Found[] = [];
  for (const stretch of stretches(asked, after, end)) {
    const left = asked.limit + 1 - rows.length;
    if (left <= 0) break;
    const { rows: some } = await sql<Found>`select ${COLUMNS} from nodes n ${way(db, asked)}
      and ${both([stretch, ...filters])} order by ${ordered(asked)} limit ${fits ? LOOKED_AT : left}`.execute(db);
    rows.push(...(fits ? some.filter(fits) : some));
  }
  return pageOf(asked, rows, end);
}

/** The last row that a page looks at; undefined where there are fewer. Only the index is read for it. */
async function endOfLook(db: Db, asked: Asked, after: Place | undefined): Promise<Place | undefined> {
  let left = Math.max(LOOKED_AT, asked.limit + 1);
  for (const stretch of stretches(asked, after, undefined)) {
    const range = sql`from nodes n ${way(db, asked)} and ${stretch}`;
    const { rows: ends } = await sql<Place>`select ${keyOf(asked)} as "key", n.rowid as "row" ${range}
      order by ${ordered(asked)} limit 1 offset ${left - 1}`.execute(db);
    if (ends[0]) return ends[0];
    const { rows } = await sql<{ count: number }>`select count(*) as count ${range}`.execute(db);
    left -= rows[0]?.count ?? 0;
  }
  return undefined;
}

/** The index of an order, and what its condition wants to be told in so many words. */
function way(db: Db, asked: Asked): RawBuilder<unknown> {
  const { userId, state, sort, parentId } = asked;
  if (sort === 'name' && state === 'live' && parentId !== undefined) {
    return sql`${by(db, 'nodes_live_names')}
      where user_id = ${userId} and coalesce(parent_id, '') = ${parentId ?? ''} and state = 'live'`;
  }
  const kind = kindOf(asked).length > 0 ? sql`and kind = 'file'` : sql``;
  return sql`${by(db, SORTS[sort].index)}
    where user_id = ${userId} and state = ${sql.lit(state)} and state <> 'purged' ${kind}`;
}

/** Folders have no content that could be recent. */
const kindOf = ({ sort }: Asked): RawBuilder<unknown>[] => (sort === 'recent' ? [sql`kind = 'file'`] : []);

/** Of few rows, so that nothing has to find its way to them. */
function beyond(asked: Asked, after: Place | undefined): RawBuilder<unknown>[] {
  if (!after) return [];
  return [sql`(${keyOf(asked)}, n.rowid) ${asked.order === 'asc' ? sql`>` : sql`<`} (${after.key}, ${after.row})`];
}

function ordered(asked: Asked): RawBuilder<unknown> {
  const direction = asked.order === 'asc' ? sql`asc` : sql`desc`;
  return sql`${keyOf(asked)} ${direction}, n.rowid ${direction}`;
}

const both = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(conditions, sql` and `);

/** `end`: the last row that was looked at, where looking ended before the page was full. */
function pageOf(asked: Asked, rows: readonly Found[], end: Place | undefined): NodePage {
  const page = rows.slice(0, asked.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last ? { key: last[SORTS[asked.sort].key] ?? '', row: last.row } : end;
  return { nodes: page.map(nodeOf), next: more ? cursorOf(asked, more) : null };
}
