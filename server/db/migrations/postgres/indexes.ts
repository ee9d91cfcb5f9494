/** As on SQLite, whose indexes end in the row's number without naming it. */
export const indexes = /* sql */ `
create unique index nodes_live_names on nodes (user_id, coalesce(parent_id, ''), name_key) where state = 'live';
create unique index nodes_by_seq on nodes (user_id, seq);
create index nodes_by_parent on nodes (user_id, parent_id);
create index nodes_by_content on nodes (user_id, content_id) where content_id is not null;
create index nodes_trashed on nodes (user_id, trashed_with) where state = 'trashed';
create index nodes_by_trash_age on nodes (user_id, trashed_at, rowid) where state = 'trashed';
create index nodes_by_name on nodes (user_id, state, name_key, rowid) where state <> 'purged';
create index nodes_by_size on nodes (user_id, state, size, rowid) where state <> 'purged';
create index nodes_by_id on nodes (user_id, state, id) where state <> 'purged';
create index nodes_by_mtime on nodes (user_id, state, mtime_ms, rowid) where state <> 'purged';
create index nodes_by_type on nodes (user_id, state, file_type, rowid) where state <> 'purged';
create index nodes_by_content_age on nodes (user_id, state, content_at, rowid)
  where state <> 'purged' and kind = 'file';
create index nodes_favourite on nodes (user_id) where favourite = 1;
create index nodes_by_category on nodes (user_id, category, subcategory) where category is not null;
create index nodes_by_entity on nodes (user_id, entity_id) where entity_id is not null;
create index versions_by_age on versions (user_id, replaced_at);
create index versions_by_content on versions (user_id, content_id);
create index objects_by_rowid on objects (rowid);
create index objects_media_waiting on objects (rowid) where media_state = 'waiting';
create unique index media_by_n on media (user_id, n);
create index media_missing_tool on media (missing_tool) where missing_tool is not null;
create index uploads_by_expiry on uploads (expires_at);
create index sessions_by_expiry on sessions (expires_at);
create index sessions_by_device on sessions (device_id);
create index sessions_by_user on sessions (user_id);
create index enrolment_tokens_by_user on enrolment_tokens (user_id);
create index devices_by_user on devices (user_id);
create index links_by_user on links (user_id, created_at);
create index links_by_expiry on links (expires_at);
create index audit_by_user on audit (user_id, id);
create index search_grams on search using gin (grams) with (gin_pending_list_limit = 512);
`;
