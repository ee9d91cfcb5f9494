/** Compared byte by byte, as SQLite does, whatever language the database speaks. */
const text = 'text collate "C"';

/** SQLite numbers rows by itself, and lists break ties by that number; here it is a column with the same name. */
const rowid = 'rowid bigint generated always as identity';

/** The tables of ../0001 to ../0008. Numbers are bigint: the server reads them as checked numbers. */
export const tables = /* sql */ `
create function unix_ms() returns bigint language sql volatile
  as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$;

create table plans (name ${text} primary key, quota_bytes bigint);
insert into plans (name, quota_bytes) values
  ('free', 10::bigint << 30), ('bronze', 20::bigint << 30), ('silver', 50::bigint << 30), ('gold', 100::bigint << 30),
  ('platinum', 200::bigint << 30), ('starter', 5::bigint << 30), ('professional', 50::bigint << 30),
  ('business', 100::bigint << 30), ('enterprise', null);

create table users (
  id ${text} primary key,
  name ${text} not null unique,
  role ${text} not null check (role in ('user', 'admin')),
  plan ${text} not null references plans (name),
  quota_bytes bigint,
  head_seq bigint not null default 0,
  used_bytes bigint not null default 0,
  reserved_bytes bigint not null default 0,
  kept_bytes bigint not null default 0,
  file_count bigint not null default 0,
  media_head bigint not null default 0,
  password ${text},
  clerk_id ${text},
  disabled_at bigint,
  quota_overridden bigint not null default 0 check (quota_overridden in (0, 1)),
  acting ${text},
  acted bigint not null default 0,
  created_at bigint not null
) with (fillfactor = 50);
create unique index users_by_clerk_id on users (clerk_id) where clerk_id is not null;

create table enrolment_tokens (
  token_hash ${text} primary key,
  user_id ${text} not null references users (id) on delete cascade,
  created_at bigint not null
);
create table devices (
  id ${text} primary key,
  user_id ${text} not null references users (id) on delete cascade,
  name ${text} not null,
  platform ${text} not null,
  secret_hash ${text} not null,
  created_at bigint not null,
  seen_at bigint
);
create table pairings (
  user_id ${text} primary key references users (id) on delete cascade,
  code_hash ${text} not null unique,
  expires_at bigint not null
);
create table sign_in_attempts (
  subject ${text} primary key,
  failures bigint not null,
  locked_until bigint not null,
  last_at bigint not null
);
create table sessions (
  token_hash ${text} primary key,
  device_id ${text} not null references devices (id) on delete cascade,
  user_id ${text} not null references users (id) on delete cascade,
  expires_at bigint not null
);

create table objects (
  user_id ${text} not null references users (id),
  content_id ${text} not null,
  id ${text} not null unique,
  store ${text} not null,
  key ${text} not null,
  size bigint not null,
  created_at bigint not null,
  refs bigint not null default 0,
  chunk_list bytea not null,
  media_state ${text} not null default 'waiting' check (media_state in ('waiting', 'done')),
  media_attempts bigint not null default 0,
  ${rowid},
  primary key (user_id, content_id)
);
create table chunks (
  user_id ${text} not null,
  hash ${text} not null,
  object_id ${text} not null,
  position bigint not null,
  length bigint not null,
  primary key (user_id, hash)
);
create table media (
  user_id ${text} not null,
  content_id ${text} not null,
  n bigint not null,
  mime ${text} not null,
  width bigint,
  height bigint,
  duration_ms bigint,
  codec ${text},
  taken_at bigint,
  camera ${text},
  pages bigint,
  blurhash ${text},
  thumbnail bigint not null,
  reason ${text},
  missing_tool ${text},
  primary key (user_id, content_id),
  foreign key (user_id, content_id) references objects (user_id, content_id) on delete cascade
);

create table nodes (
  user_id ${text} not null references users (id),
  id ${text} not null,
  parent_id ${text},
  name ${text} not null,
  name_key ${text} not null,
  kind ${text} not null check (kind in ('file', 'folder')),
  state ${text} not null check (state in ('live', 'trashed', 'purged')),
  content_id ${text},
  size bigint not null,
  mtime_ms bigint not null,
  executable bigint not null,
  content_rev bigint not null,
  place_rev bigint not null,
  meta_rev bigint not null,
  seq bigint not null,
  confirmed bigint not null default 0,
  trashed_with ${text},
  trashed_at bigint,
  content_at bigint not null,
  favourite bigint not null default 0 check (favourite in (0, 1)),
  tags ${text} check (tags is null or json_typeof(tags::json) = 'array'),
  category ${text},
  subcategory ${text},
  entity_id ${text},
  attributes ${text} check (attributes is null or json_typeof(attributes::json) is not null),
  file_type ${text} not null default 'other',
  ${rowid},
  primary key (user_id, id),
  foreign key (user_id, parent_id) references nodes (user_id, id) deferrable initially deferred,
  foreign key (user_id, content_id) references objects (user_id, content_id)
);
create table versions (
  user_id ${text} not null,
  node_id ${text} not null,
  content_rev bigint not null,
  content_id ${text} not null,
  size bigint not null,
  mtime_ms bigint not null,
  content_at bigint not null,
  replaced_at bigint not null default 0,
  primary key (user_id, node_id, content_rev),
  foreign key (user_id, node_id) references nodes (user_id, id) on delete cascade,
  foreign key (user_id, content_id) references objects (user_id, content_id)
);
create table changes (
  user_id ${text} not null references users (id),
  seq bigint not null,
  node_id ${text} not null,
  nonce ${text} not null,
  primary key (user_id, seq)
);

create table uploads (
  id ${text} primary key,
  user_id ${text} not null references users (id),
  node_id ${text} not null,
  parent_id ${text},
  name ${text} not null,
  base_content_rev bigint,
  size bigint not null,
  mtime_ms bigint not null,
  executable bigint,
  part_size bigint not null,
  state ${text} not null check (state in ('open', 'completed', 'gone')),
  reserved_bytes bigint not null,
  object_id ${text} not null,
  object_key ${text} not null,
  chunk_count bigint not null default 0,
  chunk_bytes bigint not null default 0,
  manifest_whole bigint not null default 0,
  planned_chunks bigint not null default 0,
  result ${text},
  expires_at bigint not null
);
create table upload_chunks (
  upload_id ${text} not null references uploads (id) on delete cascade,
  n bigint not null,
  hash ${text} not null,
  position bigint not null,
  length bigint not null,
  primary key (upload_id, n)
);
create table upload_parts (
  upload_id ${text} not null references uploads (id) on delete cascade,
  part bigint not null,
  position bigint not null,
  length bigint not null,
  first_chunk bigint not null,
  chunk_count bigint not null,
  send ${text} not null,
  copies ${text} not null,
  primary key (upload_id, part)
);

create table node_tags (
  user_id ${text} not null,
  tag ${text} not null,
  node_id ${text} not null,
  primary key (user_id, tag, node_id)
);
create table tags (
  user_id ${text} not null,
  tag ${text} not null,
  nodes bigint not null,
  primary key (user_id, tag)
);
create table usage_breakdown (
  user_id ${text} not null,
  file_type ${text} not null,
  category ${text} not null,
  bytes bigint not null,
  files bigint not null,
  primary key (user_id, file_type, category)
);

create table search_users (
  number bigint generated by default as identity primary key,
  user_id ${text} not null unique references users (id) on delete cascade
);
create table search (
  user_id ${text} not null,
  node_id ${text} not null,
  grams text[] collate "C" not null,
  primary key (user_id, node_id)
);
create table search_pending (
  user_id ${text} not null,
  node_id ${text} not null,
  primary key (user_id, node_id)
);

create table links (
  id ${text} primary key,
  user_id ${text} not null references users (id) on delete cascade,
  node_id ${text} not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  downloads bigint not null default 0
);

create table audit (
  id bigint generated by default as identity primary key,
  at bigint not null,
  user_id ${text},
  action ${text} not null,
  node_id ${text},
  path ${text},
  bytes bigint not null default 0,
  size bigint,
  by ${text},
  detail ${text}
);

insert into meta (key, value) values ('revocations', '0');
`;
