import type { FromWorker, ToWorker } from './found.ts';

/** A process that looks into files, however it was started. */
export interface Looker {
  /** Undefined until it has started, and where it could not. */
  readonly pid: number | undefined;
  tell(message: ToWorker): void;
  /** Ends it at once, and what it has started. */
  kill(): void;
}

/** What happens to it. */
export interface LookerEvents {
  said(message: FromWorker): void;
  /** On its standard error. */
  wrote(line: string): void;
  ended(): void;
}

export type Launch = (events: LookerEvents) => Looker;
