import type { NodeId } from '../ids.ts';

/** Lists beside the library. Each is read by index, a screenful at a time; the snapshot says how long it is. */

export const TRANSFER_GROUPS = ['active', 'waiting', 'failed', 'done'] as const;
export type TransferGroup = (typeof TRANSFER_GROUPS)[number];

export interface TransferRow {
  readonly id: NodeId;
  readonly name: string;
  /** Folder it lies in, as one reads it. */
  readonly folder: string;
  readonly direction: 'up' | 'down';
  readonly group: TransferGroup;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly paused: boolean;
  /** With failed: one sentence with a next step. */
  readonly message: string | null;
  /** Unix ms of the next try; null: waits for a change or a person. */
  readonly retryAt: number | null;
  /** With done: Unix ms. */
  readonly finishedAt: number | null;
}

/** Something that needs a person. `id` names it in commands. */
export type ProblemRow =
  | {
      readonly kind: 'conflict';
      readonly id: string;
      readonly name: string;
      readonly folder: string;
      readonly mine: ConflictSide;
      readonly theirs: ConflictSide;
    }
  | {
      readonly kind: 'name';
      readonly id: string;
      readonly name: string;
      readonly folder: string;
      readonly message: string;
      /** null: only this disk has it. */
      readonly node: NodeId | null;
      /** A name that every device can hold. */
      readonly suggestion: string | null;
    }
  | {
      readonly kind: 'held-deletes';
      readonly id: string;
      readonly direction: 'local' | 'remote';
      readonly count: number;
      /** The first of them; `problems.held` pages through all. */
      readonly paths: readonly string[];
    }
  | {
      readonly kind: 'other';
      readonly id: string;
      readonly node: NodeId | null;
      readonly name: string;
      readonly folder: string;
      readonly code: string;
      readonly message: string;
      readonly retryAt: number | null;
    };

export interface ConflictSide {
  readonly id: NodeId;
  readonly name: string;
  readonly thumbnail: string | null;
  readonly size: number;
  readonly modifiedAt: number;
  /** Which device saved it; null: not known. */
  readonly device: string | null;
}

export interface ActivityRow {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  readonly nodeId: NodeId | null;
  readonly path: string | null;
  readonly bytes: number;
  readonly by: string | null;
}

export interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly addedAt: number;
  readonly thisOne: boolean;
}
