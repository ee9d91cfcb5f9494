import type { NodeId } from '../../shared/ids.ts';
import { contentBytes } from './contentBytes.ts';
import { type TransferTask, transferDirection } from './insight/transfers.ts';
import type { SyncProblem } from './model.ts';
import type { Operation, Planned } from './plan/operations.ts';

/** Operations that share a lane compete only with each other. */
export type Lane = 'hash' | 'smallUp' | 'largeUp' | 'smallDown' | 'largeDown' | 'remote' | 'local';

export interface Task {
  readonly operation: Operation;
  readonly lane: Lane;
  /** Aborted when a newer plan no longer wants this operation. */
  readonly signal: AbortSignal;
}

/** Why an operation is put off, and until when (monotonic ms; Infinity: until something about its node changes). */
export interface Deferral {
  readonly until: number;
  /** Failures in a row, for the back-off. */
  readonly attempts: number;
  /** null: nothing a person need know, the next look settles it. */
  readonly problem: Omit<SyncProblem, 'path'> | null;
}

type Key = `${NodeId} ${'content' | 'place'}`;

interface Running {
  readonly print: string;
  readonly kind: Operation['kind'];
  readonly abort: AbortController;
}

interface Entry {
  readonly key: Key;
  readonly operation: Operation;
  readonly after: readonly NodeId[];
  readonly breaks: readonly NodeId[];
  readonly lane: Lane;
  readonly print: string;
  notBefore: number;
}

const CONTENT: ReadonlySet<Operation['kind']> = new Set(['hash', 'upload', 'download', 'conflictCopy']);

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

const DELETES: ReadonlySet<Operation['kind']> = new Set(['trashRemote', 'deleteLocal']);

const keyOf = (operation: Operation): Key => `${operation.id} ${CONTENT.has(operation.kind) ? 'content' : 'place'}`;

/** Two operations with the same print are the same work on the same base: one that runs need not be begun again. */
const printOf = (operation: Operation): string =>
  JSON.stringify(operation, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/**
 * The current plan, and what is being done about it. A newer plan replaces the older one node by node: work that it
 * still wants goes on, work that it no longer wants is cancelled. Nothing here is stored: after a crash the engine
 * looks again and plans again.
 */
export class Agenda {
  readonly #entries = new Map<Key, Entry>();
  readonly #deletes = new Map<Key, Entry>();
  readonly #waiters = new Map<NodeId, Set<NodeId>>();
  readonly #ready = new Map<Lane, Map<Key, Entry>>();
  readonly #running = new Map<Key, Running>();
  readonly #deferred = new Map<Key, Deferral & { readonly print: string }>();
  readonly #laneOf: (operation: Operation) => Lane;
  #held: ReadonlySet<NodeId> = new Set();

  constructor(laneOf: (operation: Operation) => Lane) {
    this.#laneOf = laneOf;
  }

  /** Nodes whose plan waits for one of these, or breaks a ring with one of these in it. */
  waitingFor(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    const found = new Set<NodeId>();
    for (const id of ids) for (const waiter of this.#waiters.get(id) ?? []) found.add(waiter);
    return found;
  }

  /** Replaces all that was planned for these nodes. `rest` gives how long a new operation has to wait, in monotonic ms. */
  replace(ids: Iterable<NodeId>, planned: readonly Planned[], notBefore: (operation: Operation) => number): void {
    const old = new Map<Key, Entry>();
    for (const id of ids) this.#drop(id, old);
    for (const { operation, after, breaks } of planned) {
      const key = keyOf(operation);
      const print = printOf(operation);
      const before = old.get(key);
      const entry: Entry = {
        key,
        operation,
        after,
        breaks,
        lane: this.#laneOf(operation),
        print,
        notBefore: before?.print === print ? before.notBefore : notBefore(operation),
      };
      this.#entries.set(key, entry);
      if (DELETES.has(operation.kind)) this.#deletes.set(key, entry);
      for (const other of [...after, ...breaks]) this.#waitersOf(other).add(operation.id);
      if (this.#deferred.get(key)?.print !== print) this.#deferred.delete(key);
      this.#offer(entry);
    }
    for (const id of ids) {
      for (const key of [`${id} content`, `${id} place`] as const) {
        const entry = this.#entries.get(key);
        const running = this.#running.get(key);
        if (running && running.print !== entry?.print) running.abort.abort();
        if (!entry) this.#deferred.delete(key);
      }
    }
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
    const ready = this.#ready.get(lane);
    const tasks: Task[] = [];
    if (!ready) return tasks;
    for (const [key, entry] of ready) {
      if (this.#startsAt(entry) > monotonic || this.#isBusy(entry) || this.#isHeld(entry)) continue;
      if (!accept(entry.operation)) break;
      ready.delete(key);
      const abort = new AbortController();
      this.#running.set(key, { print: entry.print, kind: entry.operation.kind, abort });
      tasks.push({ operation: entry.operation, lane, signal: abort.signal });
    }
    return tasks;
  }

  /** The work has ended, well or not. Unless something changed in the trees, the same operation is offered again. */
  finish(operation: Operation): void {
    const key = keyOf(operation);
    this.#running.delete(key);
    const entry = this.#entries.get(key);
    if (entry) this.#offer(entry);
  }

  defer(operation: Operation, deferral: Deferral): void {
    const key = keyOf(operation);
    const entry = this.#entries.get(key);
    if (entry) this.#deferred.set(key, { ...deferral, print: entry.print });
  }

  attempts(operation: Operation): number {
    return this.#deferred.get(keyOf(operation))?.attempts ?? 0;
  }

  /** Content of this node is to be fetched, and no problem holds that up. */
  fetches(id: NodeId): boolean {
    const entry = this.#entries.get(`${id} content`);
    return entry?.operation.kind === 'download' && !this.#isProblem(entry.key);
  }

  /** Lets everything that waits for a time begin at once: a person asked. */
  hurry(): void {
    for (const entry of this.#entries.values()) entry.notBefore = 0;
    for (const [key, { until }] of this.#deferred) if (until !== Infinity) this.#deferred.delete(key);
  }

  /** Forgets deferrals of one kind of problem, or some of them: its cause may be gone. */
  retry(code: string, isMeant: (operation: Operation) => boolean = () => true): void {
    for (const [key, { problem }] of this.#deferred) {
      const entry = this.#entries.get(key);
      if (problem?.code === code && (!entry || isMeant(entry.operation))) this.#deferred.delete(key);
    }
  }

  /** Forgets deferrals that a person no longer wants to wait for. */
  tryAgain(isMeant: (operation: Operation, code: string | undefined) => boolean): void {
    for (const [key, { problem }] of this.#deferred) {
      const entry = this.#entries.get(key);
      if (!entry || isMeant(entry.operation, problem?.code)) this.#deferred.delete(key);
    }
  }

  /** Stops the transfer of this node, and begins it no more until it is tried again or its file changes. */
  putOff(id: NodeId, problem: Omit<SyncProblem, 'path'>): void {
    const entry = this.#entries.get(`${id} content`);
    if (!entry || transferDirection(entry.operation) === null) return;
    this.#deferred.set(entry.key, { until: Infinity, attempts: 0, problem, print: entry.print });
    this.#running.get(entry.key)?.abort.abort();
  }

  /** Content that is on its way or is to be, in the order planned. `underWay`: bytes of a running one that are over. */
  *transfers(underWay: (id: NodeId) => number): Generator<TransferTask> {
    for (const entry of this.#entries.values()) {
      const task = this.#transfer(entry, underWay);
      if (task) yield task;
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
      problem: this.#deferred.get(key)?.problem ?? null,
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
    if (this.#running.size > 0) return true;
    for (const entry of this.#entries.values()) if (this.#isActive(entry)) return true;
    return false;
  }

  /** Planned operations that no problem holds up; what waits for a problem to end is held up too. */
  pendingCount(): number {
    let active = this.#running.size;
    let blocked = 0;
    for (const entry of this.#entries.values()) {
      if (this.#running.has(entry.key)) continue;
      if (entry.after.length > 0) blocked += 1;
      else if (this.#isActive(entry)) active += 1;
    }
    return active > 0 ? active + blocked : 0;
  }

  /** Content bytes of all transfers that are planned or running. */
  transferBytes(size: (operation: Operation) => number): number {
    let sum = 0;
    for (const { operation, lane } of this.#entries.values()) if (lane !== 'hash') sum += size(operation);
    return sum;
  }

  /** Deletes with nothing before them: they have to be looked at together. */
  *deletes(): Generator<Operation> {
    for (const { operation, after } of this.#deletes.values()) if (after.length === 0) yield operation;
  }

  /** The problems that hold something up now. */
  *problems(): Generator<{ readonly id: NodeId; readonly problem: Omit<SyncProblem, 'path'> }> {
    for (const [key, { problem }] of this.#deferred) {
      const entry = this.#entries.get(key);
      if (entry && problem) yield { id: entry.operation.id, problem };
    }
  }

  problemOf(id: NodeId): Omit<SyncProblem, 'path'> | null {
    const keys = [`${id} content`, `${id} place`] as const;
    for (const key of keys) {
      const problem = this.#entries.has(key) && this.#deferred.get(key)?.problem;
      if (problem) return problem;
    }
    return null;
  }

  /** When the next waiting operation may begin, in monotonic ms; Infinity when none waits for a time. */
  nextStart(monotonic: number): number {
    let next = Infinity;
    for (const ready of this.#ready.values()) {
      for (const entry of ready.values()) {
        const at = this.#startsAt(entry);
        if (at > monotonic) next = Math.min(next, at);
      }
    }
    return next;
  }

  #startsAt(entry: Entry): number {
    return Math.max(entry.notBefore, this.#deferred.get(entry.key)?.until ?? 0);
  }

  /** It is under way already, in this form or another, or something else changes the node on disk. */
  #isBusy({ operation }: Entry): boolean {
    const { id, kind } = operation;
    return ([`${id} content`, `${id} place`] as const).some((key) => {
      const running = this.#running.get(key);
      return running && (key === keyOf(operation) || (ON_DISK.has(kind) && ON_DISK.has(running.kind)));
    });
  }

  #isHeld({ operation }: Entry): boolean {
    return DELETES.has(operation.kind) && this.#held.has(operation.id);
  }

  #isActive(entry: Entry): boolean {
    return entry.after.length === 0 && !this.#isProblem(entry.key) && !this.#isHeld(entry);
  }

  #isProblem(key: Key): boolean {
    const deferred = this.#deferred.get(key);
    return deferred !== undefined && deferred.problem !== null;
  }

  #offer(entry: Entry): void {
    if (entry.after.length > 0) return;
    const lane = this.#ready.get(entry.lane) ?? new Map<Key, Entry>();
    this.#ready.set(entry.lane, lane);
    lane.set(entry.key, entry);
  }

  #drop(id: NodeId, into: Map<Key, Entry>): void {
    for (const key of [`${id} content`, `${id} place`] as const) {
      const entry = this.#entries.get(key);
      if (!entry) continue;
      into.set(key, entry);
      this.#entries.delete(key);
      this.#deletes.delete(key);
      this.#ready.get(entry.lane)?.delete(key);
      for (const blocker of [...entry.after, ...entry.breaks]) {
        const waiters = this.#waiters.get(blocker);
        waiters?.delete(id);
        if (waiters?.size === 0) this.#waiters.delete(blocker);
      }
    }
  }

  #waitersOf(node: NodeId): Set<NodeId> {
    const waiters = this.#waiters.get(node) ?? new Set<NodeId>();
    this.#waiters.set(node, waiters);
    return waiters;
  }
}
