import type { TagList } from '../../shared/api/library.ts';
import type { StorageBreakdown } from '../../shared/api/storage.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { fold } from '../search/words.ts';

/** A user's tags, with how many live files and folders have each, by name. */
export async function tagsOfUser(db: Db, userId: UserId): Promise<TagList> {
  const tags = await db.selectFrom('tags').select(['tag', 'nodes']).where('user_id', '=', userId).execute();
  const byName = tags.map((tag) => ({ tag, key: fold(tag.tag) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return { tags: byName.map(({ tag }) => tag) };
}

/** Live files by type and category, as the triggers have counted them. */
export async function storageBreakdown(db: Db, userId: UserId): Promise<StorageBreakdown> {
  const rows = await db
    .selectFrom('usage_breakdown')
    .select(['file_type', 'category', 'bytes', 'files'])
    .where('user_id', '=', userId)
    .orderBy('file_type')
    .orderBy('category')
    .execute();
  return {
    parts: rows.map(({ file_type, category, bytes, files }) => ({
      type: file_type,
      category: category === '' ? null : category,
      bytes,
      files,
    })),
  };
}
