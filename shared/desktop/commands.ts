import { z } from 'zod';
import { Label } from '../api/library.ts';
import { NodeId } from '../ids.ts';
import type { FolderEntry, ItemDetail, ItemVersion, LibraryItem, LibraryView, ShareLink, TagCount } from './library.ts';
import { LibraryQuery } from './library.ts';
import type { ActivityRow, DeviceRow, ProblemRow, TransferRow } from './lists.ts';
import { TRANSFER_GROUPS } from './lists.ts';
import { Settings } from './settings.ts';

/** Rows read at once, at most. */
export const ROWS_MAX = 1_000;
/** Nodes that one command acts upon, at most. */
export const NODES_MAX = 100_000;

const index = z.number().int().nonnegative();
const range = { from: index, to: index.describe('Exclusive') };
const nothing = z.object({});
const ids = z.array(NodeId).min(1).max(NODES_MAX);
const one = z.object({ id: NodeId });
const many = z.object({ ids });

/**
 * All that the window can ask for: what goes in, as it is parsed where it arrives. No input is a path of this computer's
 * disk, so a page that went astray has nothing to forge.
 */
export const COMMANDS = {
  'library.open': LibraryQuery,
  'library.close': z.object({ view: index }),
  'library.rows': z.object({ view: index, ...range }),
  'library.ids': z.object({ view: index, ...range }),
  'library.find': z.object({ view: index, prefix: z.string().max(100), after: index }),
  'library.indexOf': z.object({ view: index, id: NodeId }),
  'library.item': one,
  'folders.inside': z.object({ id: NodeId.nullable() }),
  'tags.list': z.object({ prefix: z.string().max(100), limit: z.number().int().min(1).max(500) }),

  'nodes.favourite': z.object({ ids, on: z.boolean() }),
  'nodes.tag': z.object({ ids, add: z.array(Label), remove: z.array(Label) }),
  'nodes.rename': z.object({ id: NodeId, name: z.string().min(1).max(255) }),
  'nodes.move': z.object({ ids, folder: NodeId.nullable() }),
  'nodes.trash': many,
  'nodes.restore': many,
  'nodes.purge': many,
  'trash.empty': nothing,
  'folders.create': z.object({ parent: NodeId.nullable(), name: z.string().min(1).max(255) }),
  'folders.cloudOnly': z.object({ id: NodeId, on: z.boolean() }),
  'versions.list': one,
  'versions.restore': z.object({ id: NodeId, contentRev: index }),
  'links.list': one,
  'links.create': z.object({ id: NodeId, seconds: z.number().int().min(60) }),
  'links.revoke': z.object({ link: z.string().max(200) }),

  'files.open': one,
  'files.show': one,
  'files.copy': many,

  'transfers.rows': z.object({ group: z.enum(TRANSFER_GROUPS), ...range }),
  'transfers.retry': z.object({ id: NodeId.nullable().describe('null: all that failed') }),
  'transfers.pause': z.object({ id: NodeId, on: z.boolean() }),
  'transfers.cancel': z.object({ id: NodeId }),
  'problems.rows': z.object(range),
  'problems.rename': z.object({ id: z.string().max(100) }),
  'problems.held': z.object({ direction: z.enum(['local', 'remote']), ...range }),
  'conflict.resolve': z.object({
    ids: z.array(z.string().max(100)).min(1).or(z.literal('all')),
    keep: z.enum(['mine', 'theirs', 'both']),
  }),
  'deletes.decide': z.object({ direction: z.enum(['local', 'remote']), happen: z.boolean() }),
  'activity.rows': z.object({ before: index.nullable(), limit: z.number().int().min(1).max(500) }),

  'sync.now': nothing,
  'sync.pause': z.object({ until: z.enum(['hour', 'tomorrow', 'resumed']) }),
  'sync.resume': nothing,

  'settings.change': Settings.partial(),
  'ignore.read': nothing,
  'ignore.preview': z.object({ patterns: z.string().max(65_536) }),
  'ignore.save': z.object({ patterns: z.string().max(65_536) }),
  'devices.list': nothing,
  'devices.revoke': z.object({ device: z.string().max(100) }),
  'devices.pair': nothing,
  'setup.chooseFolder': nothing,
  'setup.ways': z.object({ address: z.string().max(500) }),
  'setup.begin': z.object({
    server: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('own') }),
      z.object({ kind: z.literal('code'), address: z.string().max(500), code: z.string().max(500) }),
      z.object({
        kind: z.literal('password'),
        address: z.string().max(500),
        name: z.string().max(200),
        password: z.string().max(1_000),
      }),
      z.object({ kind: z.literal('clerk'), address: z.string().max(500) }),
    ]),
  }),
  'setup.leave': nothing,
  'account.signOut': nothing,
  'report.copy': nothing,
  'logs.show': nothing,
  /** Starts what was given up, see `stopped`. */
  'app.startAgain': nothing,
} as const satisfies Record<string, z.ZodType>;

export type CommandName = keyof typeof COMMANDS;
export type Input<C extends CommandName> = z.input<(typeof COMMANDS)[C]>;

/** What comes back from those that answer with more than that it is done. */
interface Answers {
  'library.open': LibraryView;
  'library.rows': readonly LibraryItem[];
  'library.ids': readonly NodeId[];
  /** Index of the next item whose name begins so; null: none does. */
  'library.find': number | null;
  'library.indexOf': number | null;
  'library.item': ItemDetail | null;
  'folders.inside': readonly FolderEntry[];
  'tags.list': readonly TagCount[];
  'folders.create': NodeId;
  'versions.list': readonly ItemVersion[];
  'links.list': readonly ShareLink[];
  'links.create': ShareLink;
  'transfers.rows': readonly TransferRow[];
  'problems.rows': readonly ProblemRow[];
  'problems.held': readonly string[];
  'activity.rows': readonly ActivityRow[];
  /** What .driftlessignore holds. */
  'ignore.read': string;
  /** What these patterns would keep from being synced, of what is in the folder now. */
  'ignore.preview': { readonly count: number; readonly examples: readonly string[]; readonly fault: string | null };
  'devices.list': readonly DeviceRow[];
  'devices.pair': { readonly code: string; readonly expiresAt: number };
  /** null: the person changed their mind. */
  'setup.chooseFolder': string | null;
  /** How this server lets people in. */
  'setup.ways': { readonly code: boolean; readonly password: boolean; readonly clerk: boolean };
  'report.copy': string;
}
export type Answer<C extends CommandName> = C extends keyof Answers ? Answers[C] : null;

/** Errors cross as values: `message` is one sentence with a next step. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: OutcomeCode; readonly message: string };
export type OutcomeCode = 'refused' | 'not-running' | 'offline' | 'gone' | 'taken' | 'quota' | 'failed';
