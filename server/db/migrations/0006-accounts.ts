/**
 * Who may come in, and by what. Whatever takes access back counts `revocations` up, so that a running server notices
 * what another process, or SQL by hand, has done. A limit of a user's own stays when the plan changes.
 * `acting` is who made the latest change of the user's row or tree, `acted` counts the changes of the row that say so.
 */
export const accounts = /* sql */ `
alter table users add column password text;
alter table users add column clerk_id text;
alter table users add column disabled_at integer;
alter table users add column quota_overridden integer not null default 0 check (quota_overridden in (0, 1));
alter table users add column acting text;
alter table users add column acted integer not null default 0;
create unique index users_by_clerk_id on users (clerk_id) where clerk_id is not null;
update users set quota_overridden = 1
  where quota_bytes is not (select p.quota_bytes from plans p where p.name = users.plan);

alter table devices add column seen_at integer;
create index devices_by_user on devices (user_id);

create table pairings (
  user_id text primary key references users (id) on delete cascade,
  code_hash text not null unique,
  expires_at integer not null
) strict, without rowid;

create table sign_in_attempts (
  subject text primary key,
  failures integer not null,
  locked_until integer not null,
  last_at integer not null
) strict, without rowid;

insert into meta (key, value) values ('revocations', '0');
create trigger devices_revoked after delete on devices begin
  update meta set value = cast(cast(value as integer) + 1 as text) where key = 'revocations';
end;
create trigger enrolment_tokens_revoked after delete on enrolment_tokens begin
  update meta set value = cast(cast(value as integer) + 1 as text) where key = 'revocations';
end;
create trigger sessions_revoked after delete on sessions
when old.expires_at > (julianday('now') - 2440587.5) * 86400000 begin
  update meta set value = cast(cast(value as integer) + 1 as text) where key = 'revocations';
end;
create trigger users_revoked after update of disabled_at, role on users
when old.disabled_at is not new.disabled_at or old.role <> new.role begin
  update meta set value = cast(cast(value as integer) + 1 as text) where key = 'revocations';
end;

create trigger users_quota_of_plan after update of plan, quota_overridden on users
when new.quota_overridden = 0 begin
  update users set
    quota_bytes = (select quota_bytes from plans where name = new.plan),
    acted = acted + new.acted - old.acted
  where id = new.id;
end;
create trigger users_quota_by_hand after update of quota_bytes on users
when new.quota_overridden = 0 and new.quota_bytes is not (select quota_bytes from plans where name = new.plan) begin
  update users set quota_overridden = 1 where id = new.id;
end;
create trigger plans_quota after update of quota_bytes on plans when old.quota_bytes is not new.quota_bytes begin
  update users set quota_bytes = new.quota_bytes where plan = new.name and quota_overridden = 0;
end;
`;
