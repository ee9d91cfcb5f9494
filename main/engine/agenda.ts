import type { NodeId } from '../../shared/ids.ts';
import { Cancelled } from './cancelled.ts';
import { contentBytes } from './contentBytes.ts';
import { type Deferral, Deferrals } from './deferrals.ts';
import { Entries, type Entry, isDelete } from './entries.ts';
import {
  CANCELLED,
  CANCELLED_PROBLEM,
  laneDirection,
  type TransferTask,
  transferDirection,
} from './insight/transfers.ts';
import type { SyncProblem } from './model.ts';
import { type Key, keyOf, keysOf, printOf } from './operationKey.ts';
import type { Operation, Planned } from './plan/operations.ts';
import { type Likely, Unplanned } from './unplanned.ts';

/** Operations that share a lane compete only with each other. */
export type Lane = 'hash' | 'smallUp' | 'largeUp' | 'smallDown' | 'largeDown' | 'remote' | 'local';

export interface Task {
  readonly operation: Operation;
  readonly lane: Lane;
  /** Aborted when a newer plan no longer wants this operation. */
  readonly signal: AbortSignal;
}

interface Running {
  readonly print: string;
  readonly kind: Operation['kind'];
  readonly abort: AbortController;
}

/** A node's own file or folder: one change of it at a time. */
const ON_DISK: ReadonlySet<Operation['kind']> = new Set([
  'download',
  'conflictCopy',
  'createLocalFolder',
  'moveLocal',
  'parkLocal',
  'setLocalMetadata',
  'deleteLocal',
]);

/** Operations of a lane, and of all lanes, that are enough to go on with for a while. */
const ENOUGH_READY = 2_000;
const ENOUGH = 20_000;

/**
 * The current plan, and what is being done about it. A newer plan replaces the older one node by node: work that it
 * still wants goes on, work that it no longer wants is cancelled. Of very many newcomers only some are planned at a time.
 * Nothing here is stored: after a crash the engine looks again and plans again.
 */
export class Agenda {
  readonly #unplanned = new Unplanned();
  readonly #entries: Entries;
  readonly #running = new Map<Key, Running>();
  readonly #deferrals = new Deferrals();
  #held: ReadonlySet<NodeId> = new Set();

  readonly #cancelled: Cancelled;

  constructor(laneOf: (operation: Operation) => Lane, cancelled = new Cancelled()) {
    this.#entries = new Entries(laneOf);
    this.#cancelled = cancelled;
  }

  /** Puts off planning a newcomer. false: more than its newness is known about it, so it is to be planned at once. */
  postpone(id: NodeId, likely: Likely): boolean {
    const isKnown = (key: Key): boolean =>
      this.#running.has(key) || this.#deferrals.get(key) !== undefined || this.#entries.get(key)?.after.length === 0;
    if (keysOf(id).some(isKnown)) return false;
    this.#entries.drop(id);
    this.#unplanned.add(id, likely);
    return true;
  }

  /** Nodes that were put off and whose turn it is. Empty: there is enough to do for a while, or nothing is left. */
  next(most: number): readonly NodeId[] {
    for (const lane of this.#unplanned.lanes) {
      if (!this.#hasRoom(lane)) continue;
      const ids = this.#unplanned.take(lane, most);
      if (ids.length > 0) return ids;
    }
    return [];
  }

  /** What waits may wait for what is not planned yet: when nothing else can be done there is always room. */
  #hasRoom(lane: Lane): boolean {
    const { problems } = this.#deferrals;
    const ready = this.#entries.ready(lane).size - problems;
    return (ready < ENOUGH_READY && this.#entries.size - problems < ENOUGH) || !this.#hasWork;
  }

  /** Nodes whose plan waits for one of these, or breaks a ring with one of these in it. */
  waitingFor(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    const found = new Set<NodeId>();
    for (const id of ids) for (const waiter of this.#entries.waiters(id)) found.add(waiter);
    return found;
  }

  /** Replaces all that was planned for these nodes. `rest` gives how long a new operation has to wait, in monotonic ms. */
  replace(ids: Iterable<NodeId>, planned: readonly Planned[], notBefore: (operation: Operation) => number): void {
    const old = new Map<Key, Entry>();
    for (const id of ids) {
      this.#unplanned.delete(id);
      for (const entry of this.#entries.drop(id)) old.set(entry.key, entry);
    }
    for (const each of planned) {
      const { operation } = each;
      const before = old.get(keyOf(operation));
      const isSame = before !== undefined && printOf(before.operation) === printOf(operation);
      this.#entries.add(each, isSame ? before.notBefore : notBefore(operation));
      this.#deferrals.keepFor(keyOf(operation), operation);
      if (this.#cancelled.has(keyOf(operation), operation)) this.#leaveAlone(keyOf(operation), operation);
    }
    for (const id of ids) {
      for (const key of keysOf(id)) {
        const entry = this.#entries.get(key);
        const running = this.#running.get(key);
        if (running && (!entry || running.print !== printOf(entry.operation))) running.abort.abort();
        if (!entry) this.#deferrals.delete(key);
      }
    }
  }

  #leaveAlone(key: Key, operation: Operation): void {
    this.#deferrals.set(key, operation, { until: Infinity, attempts: 0, problem: CANCELLED_PROBLEM });
  }

  /** Deletes of these nodes wait for a person's yes. */
  hold(ids: ReadonlySet<NodeId>): void {
    this.#held = ids;
  }

  get holds(): boolean {
    return this.#held.size > 0;
  }

  /** Takes ready operations of a lane, in the order planned, while `accept` says yes; they count as running. */
  take(lane: Lane, monotonic: number, accept: (operation: Operation) => boolean): Task[] {
    const tasks: Task[] = [];
    for (const [key, entry] of this.#entries.ready(lane)) {
      const { operation } = entry;
      if (this.#startsAt(entry) > monotonic || this.#isBusy(entry) || this.#isHeld(entry)) continue;
      if (!accept(operation)) break;
      this.#entries.begin(entry);
      const abort = new AbortController();
      this.#running.set(key, { print: printOf(operation), kind: operation.kind, abort });
      tasks.push({ operation, lane, signal: abort.signal });
    }
    return tasks;
  }

  /** The work has ended, well or not. Unless something changed in the trees, the same operation is offered again. */
  finish(operation: Operation): void {
    const key = keyOf(operation);
    this.#running.delete(key);
    const entry = this.#entries.get(key);
    if (entry) this.#entries.offer(entry);
  }

  defer(operation: Operation, deferral: Deferral): void {
    const entry = this.#entries.get(keyOf(operation));
    if (entry) this.#deferrals.set(entry.key, entry.operation, deferral);
  }

  attempts(operation: Operation): number {
    return this.#deferrals.get(keyOf(operation))?.attempts ?? 0;
  }

  /** Content of this node is to be fetched, or may be, and no problem holds that up. */
  fetches(id: NodeId): boolean {
    if (this.#unplanned.has(id)) return true;
    const entry = this.#entries.get(`${id} content`);
    return entry?.operation.kind === 'download' && !this.#deferrals.isProblem(entry.key);
  }

  /** Lets everything that waits for a time begin at once: a person asked. */
  hurry(): void {
    for (const entry of this.#entries.resting) entry.notBefore = 0;
    for (const [key, { until }] of this.#deferrals.entries()) if (until !== Infinity) this.#deferrals.delete(key);
  }

  /** Forgets deferrals of one kind of problem, or some of them: its cause may be gone. */
  retry(code: string, isMeant: (operation: Operation) => boolean = () => true): void {
    for (const [key, { problem }] of this.#deferrals.entries()) {
      const entry = this.#entries.get(key);
      if (problem?.code === code && (!entry || isMeant(entry.operation))) this.#deferrals.delete(key);
    }
  }

  /** Forgets deferrals that a person no longer wants to wait for. */
  tryAgain(isMeant: (operation: Operation, code: string | undefined) => boolean): void {
    for (const [key, { problem }] of this.#deferrals.entries()) {
      const entry = this.#entries.get(key);
      if (entry && !isMeant(entry.operation, problem?.code)) continue;
      this.#deferrals.delete(key);
      this.#cancelled.forget(key);
    }
  }

  /** Stops the transfer of this node, and begins it no more until it is tried again or its file changes. */
  putOff(id: NodeId, problem: Omit<SyncProblem, 'path'>): boolean {
    const entry = this.#entries.get(`${id} content`);
    if (!entry || transferDirection(entry.operation) === null) return false;
    this.#deferrals.set(entry.key, entry.operation, { until: Infinity, attempts: 0, problem });
    if (problem.code === CANCELLED) this.#cancelled.add(entry.key, entry.operation);
    this.#running.get(entry.key)?.abort.abort();
    return true;
  }

  /**
   * Content that is on its way or is to be, in the order planned; of very many files those whose turn is near.
   * `underWay`: bytes of a running one that are over.
   */
  *transfers(underWay: (id: NodeId) => number): Generator<TransferTask> {
    for (const entry of this.#entries.all) {
      const task = this.#transfer(entry, underWay);
      if (task) yield task;
    }
    for (const { id, lane, bytes } of this.#unplanned.all()) {
      const direction = laneDirection(lane);
      if (direction === null) continue;
      yield { id, direction, bytesTotal: bytes, bytesDone: 0, running: false, problem: null };
    }
  }

  transferOf(id: NodeId, underWay: (id: NodeId) => number): TransferTask | null {
    const entry = this.#entries.get(`${id} content`);
    return entry ? this.#transfer(entry, underWay) : null;
  }

  #transfer({ key, operation }: Entry, underWay: (id: NodeId) => number): TransferTask | null {
    const direction = transferDirection(operation);
    if (direction === null) return null;
    const running = this.#running.has(key);
    return {
      id: operation.id,
      direction,
      bytesTotal: contentBytes(operation),
      bytesDone: running ? underWay(operation.id) : 0,
      running,
      problem: this.#deferrals.get(key)?.problem ?? null,
    };
  }

  /** Stops uploads and downloads; what they have done so far is kept for later. */
  cancelTransfers(): void {
    for (const [key, { abort }] of this.#running) {
      const lane = this.#entries.get(key)?.lane;
      if (lane === 'largeUp' || lane === 'largeDown') abort.abort();
    }
  }

  cancelAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  /** Whether anything is being done. */
  get isWorking(): boolean {
    return this.#running.size > 0;
  }

  /** Whether anything is being done or can be done without a person. */
  get active(): boolean {
    return this.#hasWork || this.#unplanned.size > 0;
  }

  get #hasWork(): boolean {
    return this.#running.size > 0 || this.#startable > 0;
  }

  /** Operations that no problem holds up; what waits for a problem to end is held up too. */
  pendingCount(): number {
    const active = this.#running.size + this.#startable + this.#unplanned.size;
    if (active === 0) return 0;
    let blocked = this.#entries.blocked;
    for (const key of this.#running.keys()) if (this.#entries.isBlocked(key)) blocked -= 1;
    return active + blocked;
  }

  /** Operations that could be running: what is left when those are taken away that are, that wait, or are held up. */
  get #startable(): number {
    let count = this.#entries.size - this.#entries.blocked;
    const isCounted = (key: Key): boolean => this.#entries.get(key)?.after.length === 0;
    for (const key of this.#running.keys()) if (isCounted(key)) count -= 1;
    const isIdle = (key: Key): boolean => isCounted(key) && !this.#running.has(key);
    for (const [key, { problem }] of this.#deferrals.entries()) if (problem && isIdle(key)) count -= 1;
    for (const id of this.#held) {
      const entry = this.#entries.get(`${id} place`);
      if (entry && this.#isHeld(entry) && isIdle(entry.key) && !this.#deferrals.isProblem(entry.key)) count -= 1;
    }
    return count;
  }

  /** Content bytes of all transfers that are to be done or running. */
  get transferBytes(): number {
    return this.#entries.bytes + this.#unplanned.bytes;
  }

  /** Deletes with nothing before them: they have to be looked at together. */
  *deletes(): Generator<Operation> {
    for (const { operation, after } of this.#entries.deletes) if (after.length === 0) yield operation;
  }

  /** How many problems hold something up, those of one code left out. */
  problemCount(except?: string): number {
    return this.#deferrals.problems - (except === undefined ? 0 : this.#deferrals.count(except));
  }

  /** Another one whenever the problems may be different. */
  get problemsRevision(): number {
    return this.#deferrals.revision;
  }

  /** The problems that hold something up now. */
  *problems(): Generator<{ readonly id: NodeId; readonly problem: Omit<SyncProblem, 'path'> }> {
    for (const [key, { problem }] of this.#deferrals.entries()) {
      const entry = this.#entries.get(key);
      if (entry && problem) yield { id: entry.operation.id, problem };
    }
  }

  problemOf(id: NodeId): Omit<SyncProblem, 'path'> | null {
    for (const key of keysOf(id)) {
      const problem = this.#entries.get(key) && this.#deferrals.get(key)?.problem;
      if (problem) return problem;
    }
    return null;
  }

  /** When the next waiting operation may begin, in monotonic ms; Infinity when none waits for a time. */
  nextStart(monotonic: number): number {
    let next = Infinity;
    const consider = (entry: Entry | undefined): void => {
      if (!entry || !this.#entries.ready(entry.lane).has(entry.key)) return;
      const at = this.#startsAt(entry);
      if (at > monotonic) next = Math.min(next, at);
    };
    for (const entry of this.#entries.resting) consider(entry);
    for (const [key] of this.#deferrals.entries()) consider(this.#entries.get(key));
    return next;
  }

  #startsAt(entry: Entry): number {
    return Math.max(entry.notBefore, this.#deferrals.get(entry.key)?.until ?? 0);
  }

  /** It is under way already, in this form or another, or something else changes the node on disk. */
  #isBusy({ operation }: Entry): boolean {
    const { id, kind } = operation;
    return keysOf(id).some((key) => {
      const running = this.#running.get(key);
      return running && (key === keyOf(operation) || (ON_DISK.has(kind) && ON_DISK.has(running.kind)));
    });
  }

  #isHeld({ operation }: Entry): boolean {
    return isDelete(operation) && this.#held.has(operation.id);
  }
}
