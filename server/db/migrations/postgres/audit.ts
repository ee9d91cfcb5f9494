import { trigger } from './counters.ts';

/** What of a row counts as live. */
const held = (row: string): string =>
  `case when ${row}.kind = 'file' and ${row}.state = 'live' then ${row}.size else 0 end`;

const path = (row: string): string => `path_of(${row}.user_id, ${row}.parent_id, ${row}.name)`;

const appendOnly = `
create function audit_stays() returns trigger language plpgsql as $body$ begin
  raise exception 'audit is append-only: what has happened stays as it was';
end $body$;
create trigger audit_never_changes before update or delete on audit for each row execute function audit_stays();
create trigger audit_never_empties before truncate on audit for each statement execute function audit_stays();`;

const nodes = [
  trigger(
    'nodes',
    'audit',
    'insert',
    `insert into audit (at, user_id, action, node_id, path, bytes, size, by)
    select unix_ms(), a.user_id, 'upload', a.id, ${path('a')}, a.size, a.size,
      case when a.seq <= u.head_seq then u.acting end
    from added a join users u on u.id = a.user_id where a.kind = 'file' and a.state = 'live' order by a.seq;`,
  ),
  trigger(
    'nodes',
    'audit',
    'update',
    `insert into audit (at, user_id, action, node_id, path, bytes, size, by, detail)
    select unix_ms(), a.user_id,
      case
        when a.state = 'purged' then 'purge'
        when a.state = 'trashed' then 'delete'
        when r.state = 'trashed' then 'restore'
        when r.state = 'purged' then 'upload'
        when r.content_id is distinct from a.content_id then 'replace'
        else 'move'
      end,
      a.id, ${path('a')}, ${held('a')} - ${held('r')}, case when a.state = 'purged' then r.size else a.size end,
      case when a.seq <> r.seq then u.acting end,
      case when r.state = 'live' and a.state = 'live' and r.content_id is not distinct from a.content_id
        then 'from ' || ${path('r')} end
    from added a join removed r using (rowid) join users u on u.id = a.user_id
    where r.user_id = a.user_id and (r.state <> a.state or a.state = 'live' and (r.content_id is distinct from a.content_id
      or r.parent_id is distinct from a.parent_id or r.name <> a.name))
    order by a.seq;
  insert into audit (at, user_id, action, node_id, path, bytes, size)
    select unix_ms(), g.* from added a join removed r using (rowid) cross join lateral (values
      (r.user_id, 'purge', r.id, ${path('r')}, -(${held('r')}), r.size),
      (a.user_id, 'upload', a.id, ${path('a')}, ${held('a')}, a.size)) as g
    where r.user_id <> a.user_id and a.state <> 'purged';`,
  ),
  trigger(
    'nodes',
    'audit',
    'delete',
    `insert into audit (at, user_id, action, node_id, path, bytes, size)
    select unix_ms(), r.user_id, 'purge', r.id, ${path('r')}, -(${held('r')}), r.size from removed r
    where r.state <> 'purged' order by r.seq;`,
  ),
].join('\n');

/** A row at a time: these are few, and each may set the next off. */
const users = `
create function users_audited() returns trigger language plpgsql as $body$
declare
  who text := case when new.acted <> old.acted then new.acting end;
begin
  if old.plan <> new.plan then
    insert into audit (at, user_id, action, by, detail)
      values (unix_ms(), new.id, 'plan-change', who, 'from ' || old.plan || ' to ' || new.plan);
  end if;
  if old.quota_bytes is distinct from new.quota_bytes then
    insert into audit (at, user_id, action, by, detail) values (unix_ms(), new.id, 'quota-change', who,
      'from ' || coalesce(old.quota_bytes || ' bytes', 'unlimited') ||
      ' to ' || coalesce(new.quota_bytes || ' bytes', 'unlimited'));
  end if;
  return null;
end $body$;
create trigger users_audited after update on users for each row
  when (old.quota_bytes is distinct from new.quota_bytes or old.plan <> new.plan) execute function users_audited();

create function users_quota() returns trigger language plpgsql as $body$
declare
  of_plan bigint := (select p.quota_bytes from plans p where p.name = new.plan);
begin
  if old.quota_bytes is distinct from new.quota_bytes and new.quota_overridden = 0
    and new.quota_bytes is distinct from of_plan then new.quota_overridden := 1;
  end if;
  if new.quota_overridden = 0 then new.quota_bytes := of_plan; end if;
  return new;
end $body$;
create trigger users_quota before update of plan, quota_bytes, quota_overridden on users
  for each row execute function users_quota();

create function plans_quota() returns trigger language plpgsql as $body$ begin
  perform 1 from users where plan = new.name and quota_overridden = 0 order by id for no key update;
  update users set quota_bytes = new.quota_bytes where plan = new.name and quota_overridden = 0;
  return null;
end $body$;
create trigger plans_quota after update of quota_bytes on plans for each row
  when (old.quota_bytes is distinct from new.quota_bytes) execute function plans_quota();`;

/** Whatever takes access back says so: in a count that every request can ask for, and to all copies of the server. */
const revocations = `
create function count_revocation() returns void language sql as $body$
  update meta set value = (value::bigint + 1)::text where key = 'revocations';
  select pg_notify('driftless', 'revocations');
$body$;
create function users_revoked() returns trigger language plpgsql as $body$ begin
  perform count_revocation();
  return null;
end $body$;
create trigger users_revoked after update of disabled_at, role on users for each row
  when (old.disabled_at is distinct from new.disabled_at or old.role <> new.role) execute function users_revoked();
${trigger('devices', 'revoked', 'delete', 'if exists (select 1 from removed) then perform count_revocation(); end if;')}
${trigger('enrolment_tokens', 'revoked', 'delete', 'if exists (select 1 from removed) then perform count_revocation(); end if;')}
${trigger(
  'sessions',
  'revoked',
  'delete',
  'if exists (select 1 from removed where expires_at > unix_ms()) then perform count_revocation(); end if;',
)}`;

/** What happened, to be added to and never changed; who made a change is told as on SQLite (../0007-audit.ts). */
export const audit = /* sql */ `
create function path_of(of_user text, of_parent text, of_name text) returns text language sql stable as $body$
  with recursive up (parent_id, path, depth) as (
    select of_parent collate "C", of_name collate "C", 0
    union all
    select n.parent_id, n.name || '/' || up.path, depth + 1
    from up join nodes n on n.user_id = of_user and n.id = up.parent_id where depth < 500
  )
  select coalesce((select path from up where parent_id is null), of_name)
$body$;
${appendOnly}
${nodes}
${users}
${revocations}
`;
