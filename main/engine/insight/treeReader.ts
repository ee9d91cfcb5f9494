import { LibraryFields } from '../../../shared/api/library.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { type Kind, PARKED } from '../model.ts';
import type { StateDatabase } from '../store/database.ts';

/** A file or folder as a person should see it: one thing, whichever of the three trees knows it. */
export interface TreeEntry {
  readonly id: NodeId;
  readonly parentId: NodeId | null;
  readonly name: string;
  readonly kind: Kind;
  readonly size: number;
  readonly mtimeMs: number;
  readonly contentId: ContentId | null;
  readonly trashed: boolean;
  /** agreed: the same here and on the server · here, there: only on that side · differs: on both, not agreed yet. */
  readonly standing: Standing;
  readonly library: LibraryFields;
}
export type Standing = 'agreed' | 'here' | 'there' | 'differs';

/** Reads the trees past their caches: a look at the whole library must not push out what the planner works on. */
export interface TreeReader {
  /** As they are now; what neither side has is left out. */
  entries(ids: Iterable<NodeId>): TreeEntry[];
  /** Ids that a side has, after this one and in order, at most so many. */
  idsAfter(side: 'local' | 'remote', after: string, limit: number): readonly NodeId[];
}

interface Row {
  readonly id: NodeId;
  readonly l_parent: string | null;
  readonly l_name: string;
  readonly l_kind: Kind;
  readonly l_size: number;
  readonly l_mtime: number;
  readonly l_content: string | null;
  readonly r_state: 'live' | 'trashed' | null;
  readonly r_parent: string;
  readonly r_name: string;
  readonly r_kind: Kind;
  readonly r_size: number;
  readonly r_mtime: number;
  readonly r_content: string | null;
  readonly r_place_rev: number;
  readonly r_content_rev: number;
  readonly s_parent: string | null;
  readonly s_name: string;
  readonly s_content: string | null;
  readonly s_place_rev: number;
  readonly s_content_rev: number;
  readonly fields: string | null;
}

const SELECT = `
SELECT q.id, l.parent_id AS l_parent, l.name AS l_name, l.kind AS l_kind, l.size AS l_size,
  l.mtime_ns / 1000000 AS l_mtime, l.content_id AS l_content,
  r.state AS r_state, r.parent_id AS r_parent, r.name AS r_name, r.kind AS r_kind, r.size AS r_size,
  r.mtime_ms AS r_mtime, r.content_id AS r_content, r.place_rev AS r_place_rev, r.content_rev AS r_content_rev,
  s.parent_id AS s_parent, s.name AS s_name, s.content_id AS s_content, s.place_rev AS s_place_rev,
  s.content_rev AS s_content_rev, b.fields
FROM (SELECT ? AS id) q
LEFT JOIN local l ON l.id = q.id AND l.missing_since IS NULL
LEFT JOIN remote r ON r.id = q.id
LEFT JOIN synced s ON s.id = q.id
LEFT JOIN remote_library b ON b.id = q.id`;

export function openTreeReader(db: StateDatabase): TreeReader {
  const select = db.prepare<[string], Row>(SELECT);
  const after = (table: 'local' | 'remote') =>
    db.prepare<[string, number], NodeId>(`SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`).pluck();
  const ids = { local: after('local'), remote: after('remote') };
  return {
    entries: (wanted) => {
      const found: TreeEntry[] = [];
      for (const id of wanted) {
        const row = select.get(id);
        const entry = row && entryOf(row);
        if (entry) found.push(entry);
      }
      return found;
    },
    idsAfter: (side, id, limit) => ids[side].all(id, limit),
  };
}

/**
 * The disk leads, because that is where a person sees things happen, except where the server has a newer word on the
 * place or the content than both agreed on: then that is what the disk will show in a moment.
 */
function entryOf(row: Row): TreeEntry | undefined {
  const here = row.l_parent !== null;
  const there = row.r_state !== null;
  if (!here && !there) return undefined;
  const agreed = row.s_parent !== null;
  const placedThere = there && (!here || row.l_parent === PARKED || (agreed && row.r_place_rev > row.s_place_rev));
  const changedHere = here && (!agreed || row.l_content !== row.s_content);
  const filledThere = there && (!here || (!changedHere && row.r_content_rev > row.s_content_rev));
  const parent = placedThere ? row.r_parent : row.l_parent;
  return {
    id: row.id,
    parentId: parent === null || parent === '' ? null : (parent as NodeId),
    name: placedThere ? row.r_name : row.l_name,
    kind: here ? row.l_kind : row.r_kind,
    size: filledThere ? row.r_size : row.l_size,
    mtimeMs: filledThere ? row.r_mtime : row.l_mtime,
    contentId: (filledThere ? row.r_content : row.l_content) as ContentId | null,
    trashed: row.r_state === 'trashed' && placedThere,
    standing: standingOf(row, here, there && row.r_state === 'live', agreed),
    library: fieldsOf(row.fields),
  };
}

function standingOf(row: Row, here: boolean, there: boolean, agreed: boolean): Standing {
  if (!here) return 'there';
  if (!there) return 'here';
  const same =
    agreed &&
    row.l_content === row.s_content &&
    row.r_content === row.s_content &&
    row.l_parent === row.s_parent &&
    row.l_name === row.s_name &&
    row.r_place_rev === row.s_place_rev;
  return same ? 'agreed' : 'differs';
}

const NO_FIELDS: LibraryFields = {};

function fieldsOf(text: string | null): LibraryFields {
  return text === null ? NO_FIELDS : (LibraryFields.safeParse(JSON.parse(text)).data ?? NO_FIELDS);
}
