/** SQLite. Usage counters, content references and the seqs' uniqueness are held here, so that SQL by hand keeps them true. */
export const first = /* sql */ `
create table meta (key text primary key, value text not null) strict, without rowid;

create table plans (name text primary key, quota_bytes integer) strict, without rowid;
insert into plans (name, quota_bytes) values
  ('free', 10 << 30), ('bronze', 20 << 30), ('silver', 50 << 30), ('gold', 100 << 30), ('platinum', 200 << 30),
  ('starter', 5 << 30), ('professional', 50 << 30), ('business', 100 << 30), ('enterprise', null);

create table users (
  id text primary key,
  name text not null unique,
  role text not null check (role in ('user', 'admin')),
  plan text not null references plans (name),
  quota_bytes integer,
  head_seq integer not null default 0,
  used_bytes integer not null default 0,
  reserved_bytes integer not null default 0,
  kept_bytes integer not null default 0,
  file_count integer not null default 0,
  created_at integer not null
) strict;

create table enrolment_tokens (
  token_hash text primary key,
  user_id text not null references users (id) on delete cascade,
  created_at integer not null
) strict, without rowid;

create table devices (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  name text not null,
  platform text not null,
  secret_hash text not null,
  created_at integer not null
) strict;

create table sessions (
  token_hash text primary key,
  device_id text not null references devices (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  expires_at integer not null
) strict, without rowid;
create index sessions_by_expiry on sessions (expires_at);

create table objects (
  user_id text not null references users (id),
  content_id text not null,
  id text not null unique,
  store text not null,
  key text not null,
  size integer not null,
  created_at integer not null,
  refs integer not null default 0,
  chunk_list blob not null,
  primary key (user_id, content_id)
) strict;

create table chunks (
  user_id text not null,
  hash text not null,
  object_id text not null,
  position integer not null,
  length integer not null,
  primary key (user_id, hash)
) strict, without rowid;

create table nodes (
  user_id text not null references users (id),
  id text not null,
  parent_id text,
  name text not null,
  name_key text not null,
  kind text not null check (kind in ('file', 'folder')),
  state text not null check (state in ('live', 'trashed', 'purged')),
  content_id text,
  size integer not null,
  mtime_ms integer not null,
  executable integer not null,
  content_rev integer not null,
  place_rev integer not null,
  meta_rev integer not null,
  seq integer not null,
  confirmed integer not null default 0,
  trashed_with text,
  trashed_at integer,
  content_at integer not null,
  primary key (user_id, id),
  foreign key (user_id, parent_id) references nodes (user_id, id) deferrable initially deferred,
  foreign key (user_id, content_id) references objects (user_id, content_id)
) strict;
create unique index nodes_live_names on nodes (user_id, coalesce(parent_id, ''), name_key) where state = 'live';
create unique index nodes_by_seq on nodes (user_id, seq);
create index nodes_trashed on nodes (user_id, trashed_with) where state = 'trashed';

create table versions (
  user_id text not null,
  node_id text not null,
  content_rev integer not null,
  content_id text not null,
  size integer not null,
  mtime_ms integer not null,
  content_at integer not null,
  primary key (user_id, node_id, content_rev),
  foreign key (user_id, node_id) references nodes (user_id, id) on delete cascade,
  foreign key (user_id, content_id) references objects (user_id, content_id)
) strict, without rowid;

create table changes (
  user_id text not null references users (id),
  seq integer not null,
  node_id text not null,
  nonce text not null,
  primary key (user_id, seq)
) strict, without rowid;

create table uploads (
  id text primary key,
  user_id text not null references users (id),
  node_id text not null,
  parent_id text,
  name text not null,
  base_content_rev integer,
  size integer not null,
  mtime_ms integer not null,
  executable integer,
  part_size integer not null,
  state text not null check (state in ('open', 'completed', 'gone')),
  reserved_bytes integer not null,
  object_id text not null,
  object_key text not null,
  chunk_count integer not null default 0,
  chunk_bytes integer not null default 0,
  manifest_whole integer not null default 0,
  planned_chunks integer not null default 0,
  result text,
  expires_at integer not null
) strict;
create index uploads_by_expiry on uploads (expires_at);

create table upload_chunks (
  upload_id text not null references uploads (id) on delete cascade,
  n integer not null,
  hash text not null,
  position integer not null,
  length integer not null,
  primary key (upload_id, n)
) strict, without rowid;

create table upload_parts (
  upload_id text not null references uploads (id) on delete cascade,
  part integer not null,
  position integer not null,
  length integer not null,
  first_chunk integer not null,
  chunk_count integer not null,
  send text not null,
  copies text not null,
  primary key (upload_id, part)
) strict, without rowid;

create trigger nodes_usage_insert after insert on nodes when new.kind = 'file' and new.state <> 'purged' begin
  update users set
    used_bytes = used_bytes + iif(new.state = 'live', new.size, 0),
    kept_bytes = kept_bytes + iif(new.state = 'trashed', new.size, 0),
    file_count = file_count + (new.state = 'live')
  where id = new.user_id;
end;
create trigger nodes_usage_delete after delete on nodes when old.kind = 'file' and old.state <> 'purged' begin
  update users set
    used_bytes = used_bytes - iif(old.state = 'live', old.size, 0),
    kept_bytes = kept_bytes - iif(old.state = 'trashed', old.size, 0),
    file_count = file_count - (old.state = 'live')
  where id = old.user_id;
end;
create trigger nodes_usage_update after update of user_id, kind, state, size on nodes
when old.user_id <> new.user_id or old.kind <> new.kind or old.state <> new.state or old.size <> new.size begin
  update users set
    used_bytes = used_bytes - iif(old.kind = 'file' and old.state = 'live', old.size, 0),
    kept_bytes = kept_bytes - iif(old.kind = 'file' and old.state = 'trashed', old.size, 0),
    file_count = file_count - (old.kind = 'file' and old.state = 'live')
  where id = old.user_id;
  update users set
    used_bytes = used_bytes + iif(new.kind = 'file' and new.state = 'live', new.size, 0),
    kept_bytes = kept_bytes + iif(new.kind = 'file' and new.state = 'trashed', new.size, 0),
    file_count = file_count + (new.kind = 'file' and new.state = 'live')
  where id = new.user_id;
end;

create trigger versions_usage_insert after insert on versions begin
  update users set kept_bytes = kept_bytes + new.size where id = new.user_id;
  update objects set refs = refs + 1 where user_id = new.user_id and content_id = new.content_id;
end;
create trigger versions_usage_delete after delete on versions begin
  update users set kept_bytes = kept_bytes - old.size where id = old.user_id;
  update objects set refs = refs - 1 where user_id = old.user_id and content_id = old.content_id;
end;
create trigger versions_usage_update after update of user_id, content_id, size on versions begin
  update users set kept_bytes = kept_bytes - old.size where id = old.user_id;
  update users set kept_bytes = kept_bytes + new.size where id = new.user_id;
  update objects set refs = refs - 1 where user_id = old.user_id and content_id = old.content_id;
  update objects set refs = refs + 1 where user_id = new.user_id and content_id = new.content_id;
end;

create trigger nodes_refs_insert after insert on nodes when new.content_id is not null begin
  update objects set refs = refs + 1 where user_id = new.user_id and content_id = new.content_id;
end;
create trigger nodes_refs_delete after delete on nodes when old.content_id is not null begin
  update objects set refs = refs - 1 where user_id = old.user_id and content_id = old.content_id;
end;
create trigger nodes_refs_update after update of user_id, content_id on nodes
when old.user_id <> new.user_id or old.content_id is not new.content_id begin
  update objects set refs = refs - 1 where user_id = old.user_id and content_id = old.content_id;
  update objects set refs = refs + 1 where user_id = new.user_id and content_id = new.content_id;
end;
`;
