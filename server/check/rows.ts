import { type RawBuilder, sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import { dialectOf, textsIn } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { COUNTER_SUMS } from '../quota/recalculate.ts';
import type { Finding, FindingKind } from './finding.ts';
import { treeFaults } from './tree.ts';

interface Found {
  readonly userId: UserId;
  readonly subject: string;
  readonly detail: string;
}

/** What the rows say about themselves, and what they count up to. */
const COUNTERS: readonly (readonly [counter: string, sum: RawBuilder<number>])[] = Object.entries(COUNTER_SUMS);

const queriesOf = (db: Db): readonly (readonly [FindingKind, RawBuilder<Found>])[] => [
  ...COUNTERS.map(([counter, sum]): readonly [FindingKind, RawBuilder<Found>] => [
    'wrong-counter',
    sql`select id as "userId", ${counter} as subject, 'says ' || found || ', is ' || counted as detail
      from (select u.id, u.${sql.ref(counter)} as found, (${sum}) as counted from users u) s where found <> counted`,
  ]),
  [
    'wrong-counter',
    sql`select user_id as "userId", 'usage_breakdown ' || file_type || ' ' || category as subject,
      'says ' || sum(found) || ', is ' || sum(counted) as detail from (
        select user_id, file_type, category, bytes as found, 0 as counted from usage_breakdown
        union all select user_id, file_type, coalesce(category, ''), 0, size from nodes
          where kind = 'file' and state = 'live') s
      group by user_id, file_type, category having sum(found) <> sum(counted)`,
  ],
  [
    'wrong-counter',
    sql`select user_id as "userId", 'tags ' || tag as subject,
      'says ' || sum(found) || ', is ' || sum(counted) as detail from (
        select user_id, tag, nodes as found, 0 as counted from tags
        union all select user_id, value, 0, 1 from (
          select distinct n.user_id, n.id, t.value from nodes n, ${textsIn(db, sql`n.tags`)}
          where n.tags is not null and n.state = 'live') l) s
      group by user_id, tag having sum(found) <> sum(counted)`,
  ],
  [
    'wrong-refs',
    sql`select user_id as "userId", key as subject, 'says ' || refs || ', is ' || counted as detail from (
      select o.user_id, o.key, o.refs, count(s.content_id) as counted from objects o left join (
        select user_id, content_id from nodes where content_id is not null
        union all select user_id, content_id from versions) s
      on s.user_id = o.user_id and s.content_id = o.content_id
      group by o.user_id, o.content_id) s where refs <> counted`,
  ],
  [
    'no-content',
    sql`select n.user_id as "userId", n.id as subject, '' as detail from nodes n
      left join objects o on o.user_id = n.user_id and o.content_id = n.content_id
      where n.kind = 'file' and n.state <> 'purged' and o.id is null
      union all select v.user_id, v.node_id, 'version ' || v.content_rev from versions v
      left join objects o on o.user_id = v.user_id and o.content_id = v.content_id where o.id is null`,
  ],
  [
    'size-differs',
    sql`select n.user_id as "userId", n.id as subject, n.size || ' and ' || o.size as detail from nodes n
      join objects o on o.user_id = n.user_id and o.content_id = n.content_id where n.size <> o.size`,
  ],
  [
    'no-change',
    sql`select n.user_id as "userId", n.id as subject, 'change ' || n.seq || ' of ' || u.head_seq as detail
      from nodes n join users u on u.id = n.user_id
      left join changes c on c.user_id = n.user_id and c.seq = n.seq
      where c.node_id is distinct from n.id or n.seq > u.head_seq`,
  ],
];

/** Everything that can be known from the rows alone. To be asked in one transaction, so that all see the same rows. */
export async function checkRows(trx: Db, users: readonly UserId[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const text of await integrity(trx)) {
    findings.push({ kind: 'database', userId: null, subject: 'driftless.db', detail: text });
  }
  for (const [kind, query] of queriesOf(trx)) {
    for (const row of (await query.execute(trx)).rows) findings.push({ kind, ...row });
  }
  for (const userId of users) {
    const nodes = await trx
      .selectFrom('nodes')
      .select(['id', 'parent_id', 'kind', 'state'])
      .where('user_id', '=', userId)
      .execute();
    for (const { kind, id } of treeFaults(nodes)) findings.push({ kind, userId, subject: id, detail: '' });
  }
  return findings;
}

/** PostgreSQL looks at its own pages as it reads them. */
async function integrity(db: Db): Promise<string[]> {
  if (dialectOf(db) === 'postgres') return [];
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}
