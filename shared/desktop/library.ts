import { z } from 'zod';
import { FILE_TYPES, type FileType } from '../fileTypes.ts';
import { NodeId } from '../ids.ts';

export const LibraryType = z.enum(Object.keys(FILE_TYPES) as [FileType]);

/** Where in the window one stands; the list shows what belongs there. */
export const Place = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('favourites') }),
  z.object({ kind: z.literal('recent') }),
  z.object({ kind: z.literal('type'), type: LibraryType }),
  z.object({ kind: z.literal('folder'), id: NodeId.nullable().describe('null: the top') }),
  z.object({ kind: z.literal('trash') }),
]);
export type Place = z.infer<typeof Place>;

export const SORTS = ['added', 'modified', 'name', 'size', 'type'] as const;

/** What the list shows. Everything narrows it: an item must match all that is given. */
export const LibraryQuery = z.object({
  place: Place,
  search: z.string().max(200).describe('Parts of names and tags, in any order, whatever their case and accents'),
  tags: z.array(z.string()).max(20),
  favourites: z.boolean().describe('Only these'),
  sort: z.enum(SORTS),
  descending: z.boolean(),
});
export type LibraryQuery = z.infer<typeof LibraryQuery>;

/**
 * An answered query. The engine keeps its order until the window lets go of it, so rows come by their index, and a list of
 * any length costs what is seen of it. Folders come first, and only in a folder's own place.
 */
export interface LibraryView {
  readonly id: number;
  readonly total: number;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** In order, and covering all; one without a title when the sort has no natural groups. */
  readonly sections: readonly LibrarySection[];
}

export interface LibrarySection {
  /** `Today`, `November 2026`, `A`, `Images` …; null: no heading. */
  readonly title: string | null;
  readonly from: number;
  readonly count: number;
}

/** A tile of the grid, a row of the list. */
export interface LibraryItem {
  readonly id: NodeId;
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly type: FileType;
  /** Bytes; of a folder, all that is inside. */
  readonly size: number;
  /** Unix ms. */
  readonly addedAt: number;
  readonly modifiedAt: number;
  readonly favourite: boolean;
  readonly tags: readonly string[];
  /** Content that the thumbnail belongs to; null while there is none. */
  readonly thumbnail: string | null;
  readonly blurhash: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationMs: number | null;
  readonly sync: ItemSync;
}

/** Only what is not plainly in sync is marked. `progress` from 0 to 1. */
export type ItemSync =
  | { readonly state: 'synced' | 'waiting' | 'cloud-only' | 'conflict' }
  | { readonly state: 'uploading' | 'downloading'; readonly progress: number }
  | { readonly state: 'problem'; readonly message: string };

/** What the inspector shows besides. */
export interface ItemDetail extends LibraryItem {
  /** Names of the folders above, from the top. */
  readonly path: readonly string[];
  readonly mime: string | null;
  readonly codec: string | null;
  readonly takenAt: number | null;
  readonly camera: string | null;
  readonly pages: number | null;
  /** Why there is no thumbnail; null where there is one, or nobody has looked yet. */
  readonly noThumbnail: string | null;
  readonly trashedAt: number | null;
  /** Whether its bytes are on this device. */
  readonly onDisk: boolean;
}

export interface ItemVersion {
  readonly contentRev: number;
  readonly size: number;
  readonly savedAt: number;
  readonly current: boolean;
}

export interface ShareLink {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: number;
  readonly downloads: number;
}

export interface FolderEntry {
  readonly id: NodeId;
  readonly name: string;
  readonly hasFolders: boolean;
  readonly cloudOnly: boolean;
}

export interface TagCount {
  readonly tag: string;
  readonly count: number;
}
