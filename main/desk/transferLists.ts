import type { TransferGroup, TransferRow } from '../../shared/desktop/lists.ts';
import type { TransfersSlice } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Insight, TransferTask } from '../engine/insight/insight.ts';
import { PAUSED } from '../engine/insight/transfers.ts';
import type { Library } from '../library/library.ts';

/** Of what is over, so many are remembered. */
const DONE_KEPT = 200;
/** One reading of all transfers serves for so long, in ms: a window that scrolls asks in quick succession … */
const FRESH_MS = 100;
/** … and for so many times as long as it took: there may be a hundred thousand. */
const FRESH_TIMES = 20;

interface Done {
  readonly task: TransferTask;
  readonly at: number;
}

type Groups = Record<Exclude<TransferGroup, 'done'>, TransferTask[]>;

/** Content on its way, and what has arrived, as lists for a person. */
export class TransferLists {
  readonly #insight: Insight;
  readonly #library: Library;
  readonly #done: Done[] = [];
  readonly #stop: () => void;
  #groups: Groups = { active: [], waiting: [], failed: [] };
  #freshUntil = -Infinity;
  #revision = 0;
  #print = '';

  constructor(insight: Insight, library: Library, now: () => number) {
    this.#insight = insight;
    this.#library = library;
    this.#stop = insight.onTransferred((task) => {
      this.#done.unshift({ task, at: now() });
      this.#done.length = Math.min(this.#done.length, DONE_KEPT);
    });
  }

  slice(): TransfersSlice {
    const { active, waiting, failed } = this.#read();
    const counts = { active: active.length, waiting: waiting.length, failed: failed.length, done: this.#done.length };
    const moving = active.reduce((sum, { bytesDone }) => sum + bytesDone, 0);
    const print = `${JSON.stringify(counts)} ${moving} ${this.#done[0]?.at ?? 0} ${this.#done[0]?.task.id ?? ''}`;
    if (print !== this.#print) this.#revision += 1;
    this.#print = print;
    return { revision: this.#revision, ...counts };
  }

  rows(group: TransferGroup, from: number, to: number): TransferRow[] {
    if (group === 'done') return this.#done.slice(from, to).map(({ task, at }) => this.#row(task, group, at));
    return this.#read()
      [group].slice(from, to)
      .map((task) => this.#row(task, group, null));
  }

  /** Ids of all that failed. */
  failed(): readonly NodeId[] {
    return this.#read().failed.map(({ id }) => id);
  }

  close(): void {
    this.#stop();
  }

  #read(): Groups {
    if (performance.now() < this.#freshUntil) return this.#groups;
    const begun = performance.now();
    const groups: Groups = { active: [], waiting: [], failed: [] };
    for (const task of this.#insight.transfers()) groups[groupOf(task)].push(task);
    this.#groups = groups;
    const ended = performance.now();
    this.#freshUntil = ended + Math.max(FRESH_MS, (ended - begun) * FRESH_TIMES);
    return groups;
  }

  #row(task: TransferTask, group: TransferGroup, finishedAt: number | null): TransferRow {
    const item = this.#library.item(task.id);
    const paused = task.problem?.code === PAUSED;
    return {
      id: task.id,
      name: item?.name ?? 'A file',
      folder: this.#library.folders.path(this.#library.parentOf(task.id)).join('/'),
      direction: task.direction,
      group,
      bytesDone: task.bytesDone,
      bytesTotal: task.bytesTotal,
      paused,
      message: paused ? null : (task.problem?.message ?? null),
      retryAt: task.problem?.retryAt ?? null,
      finishedAt,
    };
  }
}

function groupOf({ running, problem }: TransferTask): Exclude<TransferGroup, 'done'> {
  if (running) return 'active';
  return problem === null || problem.code === PAUSED ? 'waiting' : 'failed';
}
