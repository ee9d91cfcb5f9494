import type { SyncView } from '../../shared/desktop/view.ts';

/** A view at rest, but for what a test is about. */
export const viewWith = (change: Partial<SyncView>): SyncView => ({
  state: 'idle',
  pending: 0,
  problems: 0,
  held: 0,
  bytesDone: 0,
  bytesTotal: 0,
  itemsDone: 0,
  itemsTotal: 0,
  direction: 'both',
  bytesPerSecond: null,
  secondsLeft: null,
  syncedAt: null,
  pausedUntil: null,
  message: null,
  ...change,
});
