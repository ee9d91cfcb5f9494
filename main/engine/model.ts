import type { Node } from '../../shared/api/nodes.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';

/**
 * The engine's vocabulary. Three trees, all keyed by node id: `remote` is the server's last word, `local` is what the
 * disk showed, `synced` is what both last agreed on. Names are in their wire form (NFC); `null` as parent is the root.
 */
export type Kind = 'file' | 'folder';

export interface Place {
  readonly parentId: NodeId | null;
  readonly name: string;
}

/** What a look at a file or folder on disk told. Times in nanoseconds since the epoch; all bigint because doubles cannot hold them. */
export interface DiskStat {
  readonly kind: Kind;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  /** 0n where the file system does not tell. */
  readonly birthNs: bigint;
  /** When the inode changed last, which nobody can set back; 0n where that tells nothing about a file's content. */
  readonly changeNs: bigint;
  /** Number of hard links: only an entry with one can be recognised by its inode. */
  readonly links: number;
  readonly executable: boolean;
}

export const mtimeMsOf = (stat: DiskStat): number => Number(stat.mtimeNs / 1_000_000n);

/** Same kind, inode, size and times: nothing has been written there since it was observed. */
export const sameObservation = (a: DiskStat, b: DiskStat): boolean =>
  a.kind === b.kind &&
  a.ino === b.ino &&
  (a.kind === 'folder' || (a.size === b.size && a.mtimeNs === b.mtimeNs && sameChange(a, b)));

/** Many programs set a file's time back to what it was; that they wrote into it shows only here. */
export const sameChange = (a: DiskStat, b: DiskStat): boolean =>
  a.changeNs === b.changeNs || a.changeNs === 0n || b.changeNs === 0n;

/** As it is after this engine has renamed or linked it, which changes the inode and nothing in the file. */
export const renamed = (stat: DiskStat): DiskStat => ({ ...stat, changeNs: 0n });

/**
 * Parent of nodes that lie in `.driftless/tmp` for a moment, so that others may take their names. Such a node belongs
 * where the server has it.
 */
export const PARKED = '00000000-0000-7000-8000-000000000000' as NodeId;

export interface LocalNode extends Place {
  readonly id: NodeId;
  readonly kind: Kind;
  /** The name exactly as the disk has it, where that is not the wire form. */
  readonly diskName: string;
  readonly stat: DiskStat;
  /** null for folders, and for files not hashed since their stat last changed. */
  readonly contentId: ContentId | null;
  /** Unix ms by the engine's clock at which it was first not found; null while it is there. */
  readonly missingSince: number | null;
}

/** Live or trashed on the server; purged nodes are not kept. */
export type RemoteNode = Node;

export interface SyncedNode extends Place {
  readonly id: NodeId;
  readonly kind: Kind;
  readonly contentId: ContentId | null;
  readonly size: number;
  readonly mtimeMs: number;
  readonly executable: boolean;
  readonly contentRev: number;
  readonly placeRev: number;
}

/** Why something is not in sync, as a person is told. */
export interface SyncProblem {
  readonly path: string;
  /** Stable, for machines. */
  readonly code: string;
  /** One sentence with a next step. */
  readonly message: string;
  /** Unix ms of the next try; null: waits for a change. */
  readonly retryAt: number | null;
}

/** `id`: what it holds up; null where no node is known, as of a name that cannot be one. */
export interface ListedProblem extends SyncProblem {
  readonly id: NodeId | null;
}
