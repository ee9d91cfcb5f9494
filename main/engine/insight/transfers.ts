import type { NodeId } from '../../../shared/ids.ts';
import type { Lane } from '../agenda.ts';
import type { SyncProblem } from '../model.ts';
import type { Operation } from '../plan/operations.ts';

/** One file's content on its way, or waiting for its turn. */
export interface TransferTask {
  readonly id: NodeId;
  readonly direction: 'up' | 'down';
  readonly bytesTotal: number;
  readonly bytesDone: number;
  readonly running: boolean;
  readonly problem: Omit<SyncProblem, 'path'> | null;
}

/** Code of the problem that stands for a person's own pause of one transfer. */
export const PAUSED = 'paused-by-you';

export const PAUSED_PROBLEM: Omit<SyncProblem, 'path'> = {
  code: PAUSED,
  message: 'You paused this transfer: resume it under Transfers.',
  retryAt: null,
};

/** Code of the problem that stands for a transfer that a person does not want. */
export const CANCELLED = 'cancelled-by-you';

export const CANCELLED_PROBLEM: Omit<SyncProblem, 'path'> = {
  code: CANCELLED,
  message: 'You cancelled this transfer: it is left alone until the file changes or you try it again.',
  retryAt: null,
};

/** Of work that is not planned yet, but is likely to be done in this lane. */
export function laneDirection(lane: Lane): 'up' | 'down' | null {
  if (lane === 'smallUp' || lane === 'largeUp') return 'up';
  return lane === 'smallDown' || lane === 'largeDown' ? 'down' : null;
}

export const transferDirection = ({ kind }: Operation): 'up' | 'down' | null =>
  kind === 'upload' ? 'up' : kind === 'download' ? 'down' : null;
