import type { LibraryFields } from '../../shared/api/library.ts';
import type { NodeRow } from '../db/schema.ts';

type Said = Pick<NodeRow, 'favourite' | 'tags' | 'category' | 'subcategory' | 'entity_id'>;

/** Of a node that nobody has said anything about. */
export const UNSAID: Said = { favourite: 0, tags: null, category: null, subcategory: null, entity_id: null };

/** What has been said about a row, if there is one, for another that takes its place. */
export function saidOf(row: Said | undefined): Said {
  if (!row) return UNSAID;
  const { favourite, tags, category, subcategory, entity_id } = row;
  return { favourite, tags, category, subcategory, entity_id };
}

export const saysSomething = (row: Said): boolean =>
  row.favourite === 1 ||
  row.tags !== null ||
  row.category !== null ||
  row.subcategory !== null ||
  row.entity_id !== null;

/** The same as clients see it. */
export function libraryOf(row: Said): LibraryFields {
  const tags = tagsOf(row);
  return {
    ...(row.favourite === 1 && { favourite: true as const }),
    ...(tags.length > 0 && { tags }),
    ...(row.category !== null && { category: row.category }),
    ...(row.subcategory !== null && { subcategory: row.subcategory }),
    ...(row.entity_id !== null && { entityId: row.entity_id }),
  };
}

/** A row written by hand may hold something else than texts: that is no tag. */
export function tagsOf({ tags }: Pick<Said, 'tags'>): string[] {
  const parsed: unknown = tags === null ? [] : JSON.parse(tags);
  return Array.isArray(parsed) ? parsed.filter((tag) => typeof tag === 'string') : [];
}
