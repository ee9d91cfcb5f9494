import { onBoth } from './onBoth.ts';

/**
 * Content that was refused for what is in it, kept apart from everybody's files until an administrator decides. One row
 * for each user and content, however often it is sent. `draft` is the file that it was to be, in JSON; `key` where its
 * bytes lie, null once they are nowhere. A row is `arriving` before its bytes are; `freed` and `gone` are what is to become
 * of it, for the server to carry out.
 */
export const quarantine = onBoth(/* sql */ `
create table quarantine (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  content_id text not null,
  size integer not null,
  state text not null check (state in ('arriving', 'held', 'freed', 'released', 'gone')),
  key text,
  why text not null,
  draft text not null,
  chunk_list blob not null,
  at integer not null,
  unique (user_id, content_id)
) strict, without rowid;
create index quarantine_unsettled on quarantine (state) where state <> 'held' and key is not null;
`);
