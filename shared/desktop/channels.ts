import type { NodeId } from '../ids.ts';

/** How messages travel between the app's window and the app. Nothing else crosses. */
export const CHANNELS = {
  /** Window to app, answered with an Outcome: a command's name and its input. */
  ask: 'driftless:ask',
  /** Window to app, answered with an Outcome: one file to be brought into a folder. */
  add: 'driftless:add',
  /** Window to app: a snapshot, please. */
  resync: 'driftless:resync',
  /** Window to app: it can be told what to show now. */
  listens: 'driftless:listens',
  /** Window to app: these files are being dragged out. */
  drag: 'driftless:drag',
  /** App to window: a snapshot or a delta. */
  told: 'driftless:told',
  /** App to window: what it should show. */
  show: 'driftless:show',
} as const;

/** The path comes from the preload script, which has it of a file that the person chose; the page cannot name one. */
export interface AddedPath {
  readonly source: string;
  readonly path: readonly string[];
  readonly folder: NodeId | null;
}
