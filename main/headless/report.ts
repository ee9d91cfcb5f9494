import type { SyncView } from '../../shared/desktop/view.ts';
import type { HeldDeletes, SyncSummary } from '../engine/api.ts';
import type { SyncProblem } from '../engine/model.ts';

/** Tells whoever started a program how it goes: a person at a terminal, a log, or another program. */
export interface Report {
  /** After every change of status. */
  status(view: SyncView, summary: SyncSummary): void;
  /** Once for each problem. */
  problem(problem: SyncProblem): void;
  /** When deletes begin to wait for a yes. */
  held(held: readonly HeldDeletes[]): void;
  /** A sentence about the program itself, such as a server that had to be started again. */
  note(sentence: string): void;
  /** The last word; nothing follows. */
  end(summary: SyncSummary, view: SyncView): void;
}

/** Where a report goes: standard output, or a test's list of lines. */
export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}
