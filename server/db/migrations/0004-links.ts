/** Files that their owners have shared by an address. Rows stay for a while after the link's end, to be looked at. */
export const links = /* sql */ `
create table links (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  node_id text not null,
  created_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  downloads integer not null default 0
) strict, without rowid;
create index links_by_user on links (user_id, created_at);
create index links_by_expiry on links (expires_at);
`;
