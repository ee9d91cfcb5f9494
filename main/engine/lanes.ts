import PQueue from 'p-queue';
import { PACK_MAX_BYTES, PACK_MAX_FILES, SMALL_FILE_BYTES } from '../../shared/api/limits.ts';
import type { Lane, Task } from './agenda.ts';
import type { Outcome } from './apply/outcome.ts';
import { contentBytes } from './contentBytes.ts';
import type { Operation } from './plan/operations.ts';

interface LaneRule {
  /** Batches at work at the same time. */
  readonly concurrency: number;
  readonly maxTasks: number;
  /** Content bytes in a batch. */
  readonly maxBytes: number;
}

const ONE = { maxTasks: 1, maxBytes: Infinity } as const;
const PACK = { maxTasks: PACK_MAX_FILES, maxBytes: PACK_MAX_BYTES } as const;

/** Small files never wait behind large ones, transfers never behind hashing, and the trees change in order. */
const RULES: Readonly<Record<Lane, LaneRule>> = {
  local: { concurrency: 1, maxTasks: 500, maxBytes: Infinity },
  remote: { concurrency: 1, maxTasks: 1_000, maxBytes: Infinity },
  hash: { concurrency: 2, ...PACK },
  smallUp: { concurrency: 2, ...PACK },
  smallDown: { concurrency: 2, ...PACK },
  // Each waits most of its time for a disk or for an answer.
  largeUp: { concurrency: 6, ...ONE },
  largeDown: { concurrency: 4, ...ONE },
};

export function laneOf(operation: Operation): Lane {
  switch (operation.kind) {
    case 'hash':
      return 'hash';
    case 'upload':
      return operation.stat.size <= SMALL_FILE_BYTES ? 'smallUp' : 'largeUp';
    case 'download':
      return operation.size <= SMALL_FILE_BYTES ? 'smallDown' : 'largeDown';
    case 'createRemoteFolder':
    case 'moveRemote':
    case 'setRemoteMetadata':
    case 'trashRemote':
      return 'remote';
    case 'createLocalFolder':
    case 'moveLocal':
    case 'parkLocal':
    case 'setLocalMetadata':
    case 'deleteLocal':
    case 'conflictCopy':
    case 'agree':
    case 'forget':
    case 'rekey':
      return 'local';
  }
}

/** Attempts all tasks of a batch; one outcome for each, in order. Throws only what is a defect. */
export type Perform = (lane: Lane, tasks: readonly Task[]) => Promise<readonly Outcome[]>;

/** The queues in which operations are carried out, each with its own room. */
export class Lanes {
  readonly #queues: ReadonlyMap<Lane, PQueue>;
  readonly #perform: Perform;
  readonly #onDefect: (error: unknown) => void;

  constructor(perform: Perform, onDefect: (error: unknown) => void) {
    this.#perform = perform;
    this.#onDefect = onDefect;
    this.#queues = new Map(
      Object.entries(RULES).map(([lane, { concurrency }]) => [lane as Lane, new PQueue({ concurrency })]),
    );
  }

  get names(): Iterable<Lane> {
    return this.#queues.keys();
  }

  hasRoom(lane: Lane): boolean {
    const queue = this.#queues.get(lane);
    return queue !== undefined && queue.pending + queue.size < RULES[lane].concurrency;
  }

  /** Says of one operation after the other whether it still goes into the batch. */
  batch(lane: Lane): (operation: Operation) => boolean {
    const { maxTasks, maxBytes } = RULES[lane];
    let tasks = 0;
    let bytes = 0;
    return (operation) => {
      const size = contentBytes(operation);
      if (tasks > 0 && (tasks >= maxTasks || bytes + size > maxBytes)) return false;
      tasks += 1;
      bytes += size;
      return true;
    };
  }

  run(lane: Lane, tasks: readonly Task[], settle: (task: Task, outcome: Outcome) => void): void {
    const job = async (): Promise<void> => {
      const outcomes = await this.#perform(lane, tasks);
      tasks.forEach((task, i) => {
        settle(task, outcomes[i] ?? { type: 'look-again' });
      });
    };
    this.#queues.get(lane)?.add(job).catch(this.#onDefect);
  }

  /** Resolves when nothing is at work any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.onIdle()));
  }
}
