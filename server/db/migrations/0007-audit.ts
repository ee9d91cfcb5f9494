/** Where a node lies by its folders, from the top. A move that would make a circle is looked at before it is refused. */
const path = (row: 'old' | 'new') => `coalesce((
    with recursive up (parent_id, path, depth) as (
      select ${row}.parent_id, ${row}.name, 0
      union all
      select n.parent_id, n.name || '/' || up.path, depth + 1
      from up join nodes n on n.user_id = ${row}.user_id and n.id = up.parent_id where depth < 500
    )
    select path from up where parent_id is null
  ), ${row}.name)`;

/** SQLite of 2021 has no unixepoch('subsec'), and people look into the database with it. */
const now = `cast((julianday('now') - 2440587.5) * 86400000 as integer)`;

/** What of it counts as live. */
const held = (row: 'old' | 'new') => `iif(${row}.kind = 'file' and ${row}.state = 'live', ${row}.size, 0)`;

/**
 * What happened, to be added to and never changed. Triggers write it, so that no code path and no SQL by hand can forget
 * to. `acting` is who made the latest of a user's changes: it is written together with the sequence numbers that it takes,
 * so a row whose seq did not move was changed by somebody else. `acted` says the same of changes to the user's own row.
 */
export const audit = /* sql */ `
create table audit (
  id integer primary key,
  at integer not null,
  user_id text,
  action text not null,
  node_id text,
  path text,
  bytes integer not null default 0,
  size integer,
  by text,
  detail text
) strict;
create index audit_by_user on audit (user_id, id);
create trigger audit_never_changes before update on audit begin
  select raise(abort, 'audit is append-only: what has happened stays as it was');
end;
create trigger audit_never_replaces before insert on audit when exists (select 1 from audit where id = new.id) begin
  select raise(abort, 'audit is append-only: what has happened stays as it was');
end;
create trigger audit_never_shrinks before delete on audit begin
  select raise(abort, 'audit is append-only: what has happened stays as it was');
end;

create trigger nodes_audit_insert after insert on nodes when new.kind = 'file' and new.state = 'live' begin
  insert into audit (at, user_id, action, node_id, path, bytes, size, by)
  select ${now}, new.user_id, 'upload', new.id, ${path('new')}, new.size, new.size, iif(new.seq <= head_seq, acting, null)
  from users where id = new.user_id;
end;

create trigger nodes_audit_update after update of user_id, parent_id, name, state, content_id on nodes
when old.user_id = new.user_id and (old.state <> new.state or new.state = 'live' and
  (old.content_id is not new.content_id or old.parent_id is not new.parent_id or old.name <> new.name))
begin
  insert into audit (at, user_id, action, node_id, path, bytes, size, by, detail)
  select ${now}, new.user_id,
    case
      when new.state = 'purged' then 'purge'
      when new.state = 'trashed' then 'delete'
      when old.state = 'trashed' then 'restore'
      when old.state = 'purged' then 'upload'
      when old.content_id is not new.content_id then 'replace'
      else 'move'
    end,
    new.id, ${path('new')}, ${held('new')} - ${held('old')}, iif(new.state = 'purged', old.size, new.size), iif(new.seq <> old.seq, acting, null),
    iif(old.state = 'live' and new.state = 'live' and old.content_id is new.content_id, 'from ' || ${path('old')}, null)
  from users where id = new.user_id;
end;

create trigger nodes_audit_delete after delete on nodes when old.state <> 'purged' begin
  insert into audit (at, user_id, action, node_id, path, bytes, size)
  values (${now}, old.user_id, 'purge', old.id, ${path('old')}, -${held('old')}, old.size);
end;

create trigger nodes_audit_given after update of user_id on nodes
when old.user_id <> new.user_id and new.state <> 'purged' begin
  insert into audit (at, user_id, action, node_id, path, bytes, size)
  values
    (${now}, old.user_id, 'purge', old.id, ${path('old')}, -${held('old')}, old.size),
    (${now}, new.user_id, 'upload', new.id, ${path('new')}, ${held('new')}, new.size);
end;

create trigger users_audit_quota after update of quota_bytes on users
when old.quota_bytes is not new.quota_bytes begin
  insert into audit (at, user_id, action, by, detail)
  values (${now}, new.id, 'quota-change', iif(new.acted <> old.acted, new.acting, null),
    'from ' || coalesce(old.quota_bytes || ' bytes', 'unlimited') ||
    ' to ' || coalesce(new.quota_bytes || ' bytes', 'unlimited'));
end;
create trigger users_audit_plan after update of plan on users when old.plan <> new.plan begin
  insert into audit (at, user_id, action, by, detail)
  values (${now}, new.id, 'plan-change', iif(new.acted <> old.acted, new.acting, null),
    'from ' || old.plan || ' to ' || new.plan);
end;
`;
