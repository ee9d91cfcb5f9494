/**
 * What people say about nodes, and the indexes over it. Everything here that can be derived follows by triggers, so that
 * SQL by hand keeps it true; only the words of the search index are read by the server itself, from `search_pending`.
 *
 * `file_type_of` is a function of the connection that migrates, and of no other: triggers must not need it.
 * Triggers say `on conflict` and never `or ignore`, which the statement that fires them would overrule.
 * Indexes end in the row's number without naming it: that breaks ties, and costs half of what an id would.
 */
export const library = /* sql */ `
alter table nodes add column favourite integer not null default 0 check (favourite in (0, 1));
alter table nodes add column tags text check (tags is null or (json_valid(tags) and json_type(tags) = 'array'));
alter table nodes add column category text;
alter table nodes add column subcategory text;
alter table nodes add column entity_id text;
alter table nodes add column attributes text check (attributes is null or json_valid(attributes));
alter table nodes add column file_type text not null default 'other';
update nodes set file_type = iif(kind = 'folder', 'folder', file_type_of(name));

create index nodes_by_name on nodes (user_id, state, name_key) where state <> 'purged';
create index nodes_by_size on nodes (user_id, state, size) where state <> 'purged';
create index nodes_by_id on nodes (user_id, state, id) where state <> 'purged';
create index nodes_by_mtime on nodes (user_id, state, mtime_ms) where state <> 'purged';
create index nodes_by_type on nodes (user_id, state, file_type) where state <> 'purged';
create index nodes_by_content_age on nodes (user_id, state, content_at) where state <> 'purged' and kind = 'file';
create index nodes_favourite on nodes (user_id) where favourite = 1;
create index nodes_by_category on nodes (user_id, category, subcategory) where category is not null;
create index nodes_by_entity on nodes (user_id, entity_id) where entity_id is not null;

create table node_tags (
  user_id text not null,
  tag text not null,
  node_id text not null,
  primary key (user_id, tag, node_id)
) strict, without rowid;
create table tags (
  user_id text not null,
  tag text not null,
  nodes integer not null,
  primary key (user_id, tag)
) strict, without rowid;

create trigger node_tags_insert after insert on node_tags begin
  insert into tags (user_id, tag, nodes) values (new.user_id, new.tag, 1)
    on conflict do update set nodes = nodes + 1;
end;
create trigger node_tags_delete after delete on node_tags begin
  update tags set nodes = nodes - 1 where user_id = old.user_id and tag = old.tag;
  delete from tags where user_id = old.user_id and tag = old.tag and nodes <= 0;
end;
create trigger nodes_tags_insert after insert on nodes when new.tags is not null and new.state = 'live' begin
  insert into node_tags (user_id, tag, node_id) select new.user_id, value, new.id from json_each(new.tags)
    where true on conflict do nothing;
end;
create trigger nodes_tags_delete after delete on nodes when old.tags is not null begin
  delete from node_tags where user_id = old.user_id and node_id = old.id
    and tag in (select value from json_each(old.tags));
end;
create trigger nodes_tags_update after update of user_id, id, tags, state on nodes
when coalesce(old.tags, new.tags) is not null
  and (old.tags is not new.tags or old.state <> new.state or old.user_id <> new.user_id or old.id <> new.id) begin
  delete from node_tags where user_id = old.user_id and node_id = old.id
    and tag in (select value from json_each(coalesce(old.tags, '[]')));
  insert into node_tags (user_id, tag, node_id)
    select new.user_id, value, new.id from json_each(coalesce(new.tags, '[]')) where new.state = 'live'
    on conflict do nothing;
end;

create table usage_breakdown (
  user_id text not null,
  file_type text not null,
  category text not null,
  bytes integer not null,
  files integer not null,
  primary key (user_id, file_type, category)
) strict, without rowid;
insert into usage_breakdown (user_id, file_type, category, bytes, files)
  select user_id, file_type, '', sum(size), count(*) from nodes where kind = 'file' and state = 'live'
  group by user_id, file_type;

create trigger nodes_breakdown_insert after insert on nodes when new.kind = 'file' and new.state = 'live' begin
  insert into usage_breakdown (user_id, file_type, category, bytes, files)
    values (new.user_id, new.file_type, coalesce(new.category, ''), new.size, 1)
    on conflict do update set bytes = bytes + excluded.bytes, files = files + 1;
end;
create trigger nodes_breakdown_delete after delete on nodes when old.kind = 'file' and old.state = 'live' begin
  update usage_breakdown set bytes = bytes - old.size, files = files - 1
    where user_id = old.user_id and file_type = old.file_type and category = coalesce(old.category, '');
  delete from usage_breakdown where user_id = old.user_id and file_type = old.file_type
    and category = coalesce(old.category, '') and files <= 0;
end;
create trigger nodes_breakdown_update after update of user_id, kind, state, size, file_type, category on nodes
when old.user_id <> new.user_id or old.kind <> new.kind or old.state <> new.state or old.size <> new.size
  or old.file_type <> new.file_type or old.category is not new.category begin
  update usage_breakdown set bytes = bytes - old.size, files = files - 1
    where old.kind = 'file' and old.state = 'live'
      and user_id = old.user_id and file_type = old.file_type and category = coalesce(old.category, '');
  insert into usage_breakdown (user_id, file_type, category, bytes, files)
    select new.user_id, new.file_type, coalesce(new.category, ''), new.size, 1
    where new.kind = 'file' and new.state = 'live'
    on conflict do update set bytes = bytes + excluded.bytes, files = files + 1;
  delete from usage_breakdown where user_id = old.user_id and file_type = old.file_type
    and category = coalesce(old.category, '') and files <= 0;
end;

create table search_users (
  number integer primary key,
  user_id text not null unique references users (id) on delete cascade
) strict;
create table search_nodes (
  n integer primary key,
  user_id text not null,
  node_id text not null,
  unique (user_id, node_id)
) strict;
create virtual table search using fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
create table search_pending (
  user_id text not null,
  node_id text not null,
  primary key (user_id, node_id)
) strict, without rowid;
insert into search_pending (user_id, node_id) select user_id, id from nodes where state <> 'purged';

create trigger nodes_search_insert after insert on nodes when new.state <> 'purged' begin
  insert into search_pending (user_id, node_id) values (new.user_id, new.id)
    on conflict do nothing;
end;
create trigger nodes_search_delete after delete on nodes begin
  insert into search_pending (user_id, node_id) values (old.user_id, old.id)
    on conflict do nothing;
end;
create trigger nodes_search_update after update of user_id, id, name, tags, state on nodes
when old.name <> new.name or old.tags is not new.tags or (old.state = 'purged') <> (new.state = 'purged')
  or old.user_id <> new.user_id or old.id <> new.id begin
  insert into search_pending (user_id, node_id) values (old.user_id, old.id), (new.user_id, new.id)
    on conflict do nothing;
end;
`;
