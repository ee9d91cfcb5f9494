/** As databases of other systems show a time: UTC, whole seconds. */
const time = (ms: string) => `datetime(${ms} / 1000, 'unixepoch')`;

/** A user of Clerk goes by the id that Clerk knows. */
const userId = 'coalesce(u.clerk_id, u.id)';

/** When anything of a user's last changed. */
const lastChange = `(select a.at from audit a where a.user_id = u.id order by a.id desc limit 1)`;

/**
 * The tables by which other programs, and people with a shell, look at storage, as views with the names that they know.
 * Only `user_storage.max_bytes` can be set: it is a limit of the user's own then. Limits beyond what JavaScript counts
 * to, such as the largest BIGINT, mean that there is none.
 */
export const views = /* sql */ `
create view user_storage (user_id, total_bytes, max_bytes, file_count, created_at, updated_at) as
select ${userId}, u.used_bytes, u.quota_bytes, u.file_count, ${time('u.created_at')},
  ${time(`coalesce(${lastChange}, u.created_at)`)}
from users u;
create trigger user_storage_limit instead of update of max_bytes on user_storage begin
  select case
    when new.max_bytes is not null and (typeof(new.max_bytes) <> 'integer' or new.max_bytes < 0)
    then raise(abort, 'max_bytes is a number of bytes, or null for no limit') end;
  update users set
    quota_bytes = iif(new.max_bytes > 9007199254740991, null, new.max_bytes), quota_overridden = 1
  where id = old.user_id or clerk_id = old.user_id;
end;
create trigger user_storage_counts instead of update of user_id, total_bytes, file_count, created_at, updated_at
on user_storage begin
  select raise(abort, 'only max_bytes can be set: the rest is counted');
end;

create view user_files (
  id, user_id, file_name, stored_file_name, file_type, mime_type, file_size, file_path, thumbnail_path, resolution,
  duration, package_name, tags, is_favorite, category, subcategory, entity_id, upload_date, created_at
) as
select n.id, ${userId}, n.name, substr(o.key, instr(o.key, o.id)), n.file_type,
  coalesce(m.mime, 'application/octet-stream'), n.size,
  coalesce((
    with recursive up (parent_id, path, depth) as (
      select n.parent_id, n.name, 0
      union all
      select p.parent_id, p.name || '/' || up.path, depth + 1
      from up join nodes p on p.user_id = n.user_id and p.id = up.parent_id where depth < 500
    )
    select path from up where parent_id is null
  ), n.name),
  iif(m.thumbnail > 0, 'users/' || n.user_id || '/thumbnails/' || o.id || '-' || m.thumbnail || '.webp', null),
  m.width || 'x' || m.height,
  iif(m.duration_ms is null, null,
    printf('%02d:%02d:%02d', m.duration_ms / 3600000, m.duration_ms / 60000 % 60, m.duration_ms / 1000 % 60)),
  n.entity_id, coalesce(n.tags, '[]'), n.favourite, n.category, n.subcategory, n.entity_id, ${time('n.content_at')},
  ${time('coalesce((select min(v.content_at) from versions v where v.user_id = n.user_id and v.node_id = n.id), n.content_at)')}
from nodes n
join users u on u.id = n.user_id
left join objects o on o.user_id = n.user_id and o.content_id = n.content_id
left join media m on m.user_id = n.user_id and m.content_id = n.content_id
where n.kind = 'file' and n.state = 'live';

create view storage_usage (id, customer_id, file_type, category, file_count, total_size, last_updated) as
select u.id || '/' || b.file_type || '/' || b.category, ${userId}, b.file_type, nullif(b.category, ''), b.files, b.bytes,
  ${time(`coalesce(${lastChange}, u.created_at)`)}
from usage_breakdown b join users u on u.id = b.user_id;

create view storage_transactions (
  id, customer_id, file_id, file_path, file_name, file_size, file_type, action, uploaded_by, created_at, metadata
) as
select a.id, ${userId}, a.node_id, a.path, replace(a.path, rtrim(a.path, replace(a.path, '/', '')), ''), a.size,
  n.file_type, a.action, a.by, ${time('a.at')}, json_object('detail', a.detail, 'bytes', a.bytes)
from audit a
join users u on u.id = a.user_id
left join nodes n on n.user_id = a.user_id and n.id = a.node_id
where a.action in ('upload', 'replace', 'move', 'delete', 'restore', 'purge') and coalesce(n.kind, 'file') = 'file';
`;
