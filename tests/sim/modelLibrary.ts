import type { LibraryChange, LibraryFields } from '../../shared/api/library.ts';
import { nameKey } from '../../shared/names.ts';

/** What is said about a node after a change, its keys always in the same order. */
export function libraryAfter(before: LibraryFields, change: LibraryChange): LibraryFields {
  const removed = (change.removeTags ?? []).map(nameKey);
  const tags = (before.tags ?? []).filter((tag) => !removed.includes(nameKey(tag)));
  for (const tag of change.addTags ?? []) if (!tags.some((other) => nameKey(other) === nameKey(tag))) tags.push(tag);
  const category = change.category === undefined ? before.category : change.category;
  const subcategory = change.subcategory === undefined ? before.subcategory : change.subcategory;
  const entityId = change.entityId === undefined ? before.entityId : change.entityId;
  return {
    ...((change.favourite ?? before.favourite) && { favourite: true as const }),
    ...(tags.length > 0 && { tags }),
    ...(category && { category }),
    ...(subcategory && { subcategory }),
    ...(entityId && { entityId }),
  };
}
