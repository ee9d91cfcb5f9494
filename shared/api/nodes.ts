import { z } from 'zod';
import { ContentId, NodeId } from '../ids.ts';
import { Label, LibraryChange, LibraryFields, TAGS_MAX } from './library.ts';
import { OPERATIONS_MAX } from './limits.ts';
import { Problem } from './problem.ts';

/**
 * A file or folder of a user's tree. `contentRev`, `placeRev` and `metaRev` are the sequence numbers of the last
 * change of content, of place (parent, name, existence) and of anything else; `seq` is the last of all.
 */
export const Node = z.object({
  id: NodeId,
  parentId: NodeId.nullable().describe('null: at the top'),
  name: z.string(),
  kind: z.enum(['file', 'folder']),
  state: z.enum(['live', 'trashed', 'purged']),
  contentId: ContentId.nullable().describe('null for folders'),
  size: z.number().int().nonnegative(),
  mtimeMs: z.number().int().describe('Modification time as the device saw it, Unix ms'),
  executable: z.boolean(),
  contentRev: z.number().int(),
  placeRev: z.number().int(),
  metaRev: z.number().int(),
  seq: z.number().int(),
  confirmed: z.boolean().optional().describe('With trashed: a person confirmed the delete'),
  library: LibraryFields.optional().describe('Absent: not a favourite, no tags, no category'),
});
export type Node = z.infer<typeof Node>;

const Place = z.object({ parentId: NodeId.nullable(), name: z.string() });

/** What makes a file: where a new one goes, and what it replaces. The place is ignored when the node is live. */
export const FileDraft = Place.extend({
  nodeId: NodeId,
  baseContentRev: z.number().int().nullable().describe('contentRev of the content it replaces; null for a new file'),
  size: z.number().int().nonnegative(),
  mtimeMs: z.number().int(),
  executable: z.boolean().nullable().describe('null: as the server has it, because only the content was changed here'),
});
export type FileDraft = z.infer<typeof FileDraft>;

/** One change of the tree. Every one is idempotent: sent again after a lost answer it succeeds again. */
export const Operation = z.discriminatedUnion('type', [
  Place.extend({ type: z.literal('createFolder'), id: NodeId, mtimeMs: z.number().int() }),
  z.object({
    type: z.literal('move'),
    moves: z
      .array(Place.extend({ id: NodeId, placeRev: z.number().int() }))
      .min(1)
      .describe('All or none; only the final tree must be sound, so swaps and inverted hierarchies are one operation'),
  }),
  z.object({
    type: z.literal('setMetadata'),
    id: NodeId,
    mtimeMs: z.number().int().nullable().describe('null: as it is'),
    executable: z.boolean().nullable().describe('null: as it is'),
  }),
  LibraryChange.extend({ type: z.literal('setLibrary'), id: NodeId }),
  z.object({
    type: z.literal('trash'),
    id: NodeId,
    contentRev: z.number().int().describe('As last agreed; ignored for folders'),
    placeRev: z.number().int(),
    seenSeq: z.number().int().describe('Anything inside a folder that is newer → changed-inside'),
    confirmed: z.boolean().optional(),
  }),
  z.object({ type: z.literal('restore'), id: NodeId }),
]);
export type Operation = z.infer<typeof Operation>;

/** A change of one node for clients that speak plain HTTP: all of it is done or nothing, and what is not named stays. */
export const PatchNode = LibraryChange.extend({
  name: z.string().optional(),
  parentId: NodeId.nullable().optional().describe('null: at the top'),
  state: z.enum(['live', 'trashed']).optional().describe('live: restores; trashed: deletes'),
  mtimeMs: z.number().int().optional(),
  executable: z.boolean().optional(),
  tags: z.array(Label).max(TAGS_MAX).optional().describe('All of them, instead of additions and removals'),
}).strict();
export type PatchNode = z.infer<typeof PatchNode>;

export const OperationsRequest = z.object({ operations: z.array(Operation).min(1).max(OPERATIONS_MAX) });
export type OperationsRequest = z.infer<typeof OperationsRequest>;

/** `nodes`: the rows named by the operation, as they are now (descendants come by the feed). */
export const OperationResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), nodes: z.array(Node) }),
  z.object({ ok: z.literal(false), problem: Problem }),
]);
export type OperationResult = z.infer<typeof OperationResult>;

export const OperationsResponse = z.object({ results: z.array(OperationResult) });
export type OperationsResponse = z.infer<typeof OperationsResponse>;

export const NodePage = z.object({ nodes: z.array(Node), next: z.string().nullable() });
export type NodePage = z.infer<typeof NodePage>;

export const Version = z.object({
  contentId: ContentId,
  size: z.number().int(),
  contentRev: z.number().int(),
  mtimeMs: z.number().int(),
  createdAt: z.number().int().describe('Unix ms, by the server'),
  current: z.boolean(),
});
export type Version = z.infer<typeof Version>;
/** Gives the file the content of a version again. Both name contents of the same node. */
export const RestoreVersion = z.object({
  contentRev: z.number().int().describe('Of the version that is wanted'),
  baseContentRev: z.number().int().describe('Of the content it replaces; another one there → base-changed'),
});
export type RestoreVersion = z.infer<typeof RestoreVersion>;

export const EmptyTrash = z.object({
  upToSeq: z.number().int().optional().describe('What went to the trash after this change stays'),
});
export const EmptiedTrash = z.object({ purged: z.number().int(), freedBytes: z.number().int() });
export type EmptiedTrash = z.infer<typeof EmptiedTrash>;

export const VersionList = z.object({ versions: z.array(Version) });
export type VersionList = z.infer<typeof VersionList>;
