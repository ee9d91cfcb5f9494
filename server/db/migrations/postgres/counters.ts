/**
 * Everything that can be derived follows by triggers, so that SQL by hand keeps it true. They run once a statement, over
 * all of its rows: a thousand files in one statement are one change of their user's row.
 */
type Event = 'insert' | 'update' | 'delete';

const CHANGED: Readonly<Record<Event, string>> = {
  insert: 'new table as added',
  update: 'old table as removed new table as added',
  delete: 'old table as removed',
};

/** The rows that a statement has added, with `way` 1, and those that it has taken away, with `way` -1. */
const COUNTED: Readonly<Record<Event, string>> = {
  insert: '(select 1 as way, a.* from added a) r',
  update: '(select 1 as way, a.* from added a union all select -1, d.* from removed d) r',
  delete: '(select -1 as way, d.* from removed d) r',
};

export const trigger = (table: string, name: string, event: Event, body: string): string => `
create function ${table}_${name}_${event}() returns trigger language plpgsql as $body$ begin
${body}
return null; end $body$;
create trigger ${table}_${name}_${event} after ${event} on ${table} referencing ${CHANGED[event]}
  for each statement execute function ${table}_${name}_${event}();`;

const EVENTS = ['insert', 'update', 'delete'] as const;

const counted = (table: string, name: string, body: (rows: string) => string): string =>
  EVENTS.map((event) => trigger(table, name, event, body(COUNTED[event]))).join('\n');

const usage = counted(
  'nodes',
  'usage',
  (rows) => `update users u set
    used_bytes = u.used_bytes + s.used, kept_bytes = u.kept_bytes + s.kept, file_count = u.file_count + s.files
  from (
    select user_id, sum(case when state = 'live' then way * size else 0 end) as used,
      sum(case when state = 'trashed' then way * size else 0 end) as kept,
      sum(case when state = 'live' then way else 0 end) as files
    from ${rows} where kind = 'file' group by user_id
  ) s where u.id = s.user_id and (s.used <> 0 or s.kept <> 0 or s.files <> 0);`,
);

const keptVersions = counted(
  'versions',
  'usage',
  (rows) => `update users u set kept_bytes = u.kept_bytes + s.kept
  from (select user_id, sum(way * size) as kept from ${rows} group by user_id) s where u.id = s.user_id and s.kept <> 0;`,
);

const refs = (table: 'nodes' | 'versions') =>
  counted(
    table,
    'refs',
    (rows) => `update objects o set refs = o.refs + s.n
  from (select user_id, content_id, sum(way) as n from ${rows} where content_id is not null group by 1, 2) s
  where o.user_id = s.user_id and o.content_id = s.content_id and s.n <> 0;`,
  );

const breakdown = counted(
  'nodes',
  'breakdown',
  (rows) => `insert into usage_breakdown as b (user_id, file_type, category, bytes, files)
    select user_id, file_type, coalesce(category, ''), sum(way * size), sum(way) from ${rows}
    where kind = 'file' and state = 'live' group by 1, 2, 3 having sum(way * size) <> 0 or sum(way) <> 0
    on conflict (user_id, file_type, category)
      do update set bytes = b.bytes + excluded.bytes, files = b.files + excluded.files;
  delete from usage_breakdown b where b.files <= 0 and b.user_id in (select user_id from ${rows});`,
);

const tagCounts = counted(
  'node_tags',
  'count',
  (rows) => `insert into tags as t (user_id, tag, nodes)
    select user_id, tag, sum(way) from ${rows} group by 1, 2 having sum(way) <> 0
    on conflict (user_id, tag) do update set nodes = t.nodes + excluded.nodes;
  delete from tags t where t.nodes <= 0 and t.user_id in (select user_id from ${rows});`,
);

const tagged = (rows: string): string => `insert into node_tags (user_id, tag, node_id)
    select distinct n.user_id, v.value, n.id from ${rows} n, json_array_elements_text(n.tags::json) as v (value)
    where n.tags is not null and n.state = 'live' on conflict do nothing;`;
const untagged = (rows: string): string => `delete from node_tags t using (
    select n.user_id, n.id, v.value from ${rows} n, json_array_elements_text(n.tags::json) as v (value)
    where n.tags is not null
  ) g where t.user_id = g.user_id and t.tag = g.value and t.node_id = g.id;`;
/** One side of the rows whose tags count for something else than before. */
const retagged = (side: 'removed' | 'added'): string => `(
    select ${side}.* from removed join added using (rowid)
    where removed.tags is distinct from added.tags or removed.state <> added.state
      or removed.user_id <> added.user_id or removed.id <> added.id)`;

const tags = [
  trigger('nodes', 'tags', 'insert', tagged('added')),
  trigger('nodes', 'tags', 'update', `${untagged(retagged('removed'))}\n  ${tagged(retagged('added'))}`),
  trigger('nodes', 'tags', 'delete', untagged('removed')),
].join('\n');

/**
 * A row that waits already is locked as well: what reads the words next waits for them, and cannot have read the old ones.
 */
const pending = (rows: string): string => `insert into search_pending (user_id, node_id)
    select distinct user_id, id from ${rows} r order by 1, 2
    on conflict (user_id, node_id) do update set node_id = excluded.node_id;`;
const reworded = (side: 'removed' | 'added'): string => `
    select ${side}.user_id, ${side}.id from removed join added using (rowid)
    where removed.name <> added.name or removed.tags is distinct from added.tags
      or (removed.state = 'purged') <> (added.state = 'purged')
      or removed.user_id <> added.user_id or removed.id <> added.id`;

const search = [
  trigger('nodes', 'search', 'insert', pending(`(select * from added where state <> 'purged')`)),
  trigger('nodes', 'search', 'update', pending(`(${reworded('removed')} union ${reworded('added')})`)),
  trigger('nodes', 'search', 'delete', pending('removed')),
].join('\n');

export const counters = [usage, keptVersions, refs('nodes'), refs('versions'), breakdown, tagCounts, tags, search].join(
  '\n',
);
