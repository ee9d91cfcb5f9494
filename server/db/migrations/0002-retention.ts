/** When a version was replaced, which is what its age counts from; and what is kept, oldest first. */
export const retention = /* sql */ `
alter table versions add column replaced_at integer not null default 0;
update versions as v set replaced_at = coalesce(
  (select n.content_at from versions n
    where n.user_id = v.user_id and n.node_id = v.node_id and n.content_rev > v.content_rev
    order by n.content_rev limit 1),
  (select n.content_at from nodes n where n.user_id = v.user_id and n.id = v.node_id));
create index versions_by_age on versions (user_id, replaced_at);
create index nodes_by_trash_age on nodes (user_id, trashed_at) where state = 'trashed';
`;
