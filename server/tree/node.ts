import type { Node } from '../../shared/api/nodes.ts';
import { fileTypeOf } from '../../shared/fileTypes.ts';
import { nameFault, nameKey, wireName } from '../../shared/names.ts';
import type { NodeRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { libraryOf, saysSomething } from './library.ts';

export const NODE_COLUMNS = [
  'user_id',
  'id',
  'parent_id',
  'name',
  'name_key',
  'kind',
  'state',
  'content_id',
  'size',
  'mtime_ms',
  'executable',
  'content_rev',
  'place_rev',
  'meta_rev',
  'seq',
  'confirmed',
  'trashed_with',
  'trashed_at',
  'content_at',
  'favourite',
  'tags',
  'category',
  'subcategory',
  'entity_id',
  'file_type',
] as const satisfies readonly (keyof NodeRow)[];

/** A row as clients see it. */
export function nodeOf(row: NodeRow): Node {
  return {
    id: row.id,
    parentId: row.parent_id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    contentId: row.content_id,
    size: row.size,
    mtimeMs: row.mtime_ms,
    executable: row.executable === 1,
    contentRev: row.content_rev,
    placeRev: row.place_rev,
    metaRev: row.meta_rev,
    seq: row.seq,
    ...(row.confirmed === 1 && { confirmed: true }),
    ...(saysSomething(row) && { library: libraryOf(row) }),
  };
}

/** A row of this kind takes this name, and what follows from it. */
export const named = (kind: NodeRow['kind'], name: string) => ({
  name,
  name_key: nameKey(name),
  file_type: kind === 'folder' ? ('folder' as const) : fileTypeOf(name),
});

/** The name in its wire form; refused when the server cannot hold it. */
export function acceptedName(name: string): string {
  const fault = nameFault(name);
  if (fault) throw refuse('name-refused', `"${name}" cannot be stored because ${fault}. Rename it.`);
  return wireName(name);
}

export const nameTaken = (name: string) =>
  refuse('name-taken', `Something else is already called "${name}" there. Rename one of the two.`);

export const baseChanged = (what: string) =>
  refuse('base-changed', `${what} has changed on the server since. Look again and retry.`);

export const parentMissing = () =>
  refuse('parent-missing', 'The folder it belongs in does not exist any more. Look again and retry.');

export const unknownNode = () => refuse('not-found', 'There is no such file or folder. Look again.');
