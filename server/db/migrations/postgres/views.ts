const time = (ms: string): string => `(to_timestamp(${ms} / 1000) at time zone 'UTC')::timestamp(0)`;

/** A user of Clerk goes by the id that Clerk knows. */
const userId = 'coalesce(u.clerk_id, u.id)';

/** When anything of a user's last changed. */
const lastChange = '(select a.at from audit a where a.user_id = u.id order by a.id desc limit 1)';

/** The tables by which other programs look at storage: see ../0008-views.ts. */
export const views = /* sql */ `
create view user_storage (user_id, total_bytes, max_bytes, file_count, created_at, updated_at) as
select ${userId}, u.used_bytes, u.quota_bytes, u.file_count, ${time('u.created_at')},
  ${time(`coalesce(${lastChange}, u.created_at)`)}
from users u;
create function user_storage_set() returns trigger language plpgsql as $body$ begin
  if (new.user_id, new.total_bytes, new.file_count, new.created_at, new.updated_at)
    is distinct from (old.user_id, old.total_bytes, old.file_count, old.created_at, old.updated_at) then
    raise exception 'only max_bytes can be set: the rest is counted';
  end if;
  if new.max_bytes < 0 then raise exception 'max_bytes is a number of bytes, or null for no limit'; end if;
  update users set
    quota_bytes = case when new.max_bytes <= 9007199254740991 then new.max_bytes end, quota_overridden = 1
  where id = old.user_id or clerk_id = old.user_id;
  return new;
end $body$;
create trigger user_storage_set instead of update on user_storage for each row execute function user_storage_set();

create view user_files (
  id, user_id, file_name, stored_file_name, file_type, mime_type, file_size, file_path, thumbnail_path, resolution,
  duration, package_name, tags, is_favorite, category, subcategory, entity_id, upload_date, created_at
) as
select n.id, ${userId}, n.name, substr(o.key, strpos(o.key, o.id)), n.file_type,
  coalesce(m.mime, 'application/octet-stream'), n.size, path_of(n.user_id, n.parent_id, n.name),
  case when m.thumbnail > 0 then 'users/' || n.user_id || '/thumbnails/' || o.id || '-' || m.thumbnail || '.webp' end,
  m.width || 'x' || m.height,
  to_char(m.duration_ms / 3600000, 'FM9900') || to_char(m.duration_ms / 60000 % 60, 'FM":"00')
    || to_char(m.duration_ms / 1000 % 60, 'FM":"00'),
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
select a.id, ${userId}, a.node_id, a.path, regexp_replace(a.path, '^.*/', ''), a.size,
  n.file_type, a.action, a.by, ${time('a.at')}, json_build_object('detail', a.detail, 'bytes', a.bytes)
from audit a
join users u on u.id = a.user_id
left join nodes n on n.user_id = a.user_id and n.id = a.node_id
where a.action in ('upload', 'replace', 'move', 'delete', 'restore', 'purge') and coalesce(n.kind, 'file') = 'file';
`;
