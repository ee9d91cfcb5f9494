/**
 * What was found in content, and what has still to be looked at. New objects wait by themselves: no writer can forget
 * it, and for the many small ones it costs an entry at the end of an index.
 */
export const media = /* sql */ `
alter table objects add column media_state text not null default 'waiting' check (media_state in ('waiting', 'done'));
alter table objects add column media_attempts integer not null default 0;
create index objects_media_waiting on objects (media_state) where media_state = 'waiting';
alter table users add column media_head integer not null default 0;

create table media (
  user_id text not null,
  content_id text not null,
  n integer not null,
  mime text not null,
  width integer,
  height integer,
  duration_ms integer,
  codec text,
  taken_at integer,
  camera text,
  pages integer,
  blurhash text,
  thumbnail integer not null,
  reason text,
  missing_tool text,
  primary key (user_id, content_id),
  foreign key (user_id, content_id) references objects (user_id, content_id) on delete cascade
) strict, without rowid;
create unique index media_by_n on media (user_id, n);
create index media_missing_tool on media (missing_tool) where missing_tool is not null;
`;
