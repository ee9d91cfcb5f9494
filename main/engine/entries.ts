import type { NodeId } from '../../shared/ids.ts';
import type { Lane } from './agenda.ts';
import { contentBytes } from './contentBytes.ts';
import { type Key, keyOf, keysOf } from './operationKey.ts';
import type { Operation, Planned } from './plan/operations.ts';

/** A planned operation. */
export interface Entry extends Planned {
  readonly key: Key;
  readonly lane: Lane;
  /** In monotonic ms. */
  notBefore: number;
}

const DELETES: ReadonlySet<Operation['kind']> = new Set(['trashRemote', 'deleteLocal']);

export const isDelete = ({ kind }: Operation): boolean => DELETES.has(kind);

/** What is planned, counted and sorted so that no question about it takes longer the more there is. */
export class Entries {
  readonly #all = new Map<Key, Entry>();
  readonly #ready = new Map<Lane, Map<Key, Entry>>();
  readonly #deletes = new Map<Key, Entry>();
  readonly #waiters = new Map<NodeId, Set<NodeId>>();
  readonly #resting = new Set<Entry>();
  readonly #laneOf: (operation: Operation) => Lane;
  #blocked = 0;
  #bytes = 0;

  constructor(laneOf: (operation: Operation) => Lane) {
    this.#laneOf = laneOf;
  }

  get(key: Key): Entry | undefined {
    return this.#all.get(key);
  }

  /** In the order planned. */
  get all(): Iterable<Entry> {
    return this.#all.values();
  }

  get size(): number {
    return this.#all.size;
  }

  /** How many wait for others. */
  get blocked(): number {
    return this.#blocked;
  }

  /** Content bytes of all transfers. */
  get bytes(): number {
    return this.#bytes;
  }

  get deletes(): Iterable<Entry> {
    return this.#deletes.values();
  }

  /** Those that had to rest when they were planned. */
  get resting(): Iterable<Entry> {
    return this.#resting;
  }

  /** Those of a lane that wait for no other, in the order planned, and are not being done. */
  ready(lane: Lane): ReadonlyMap<Key, Entry> {
    return this.#ready.get(lane) ?? new Map<Key, Entry>();
  }

  waiters(id: NodeId): Iterable<NodeId> {
    return this.#waiters.get(id) ?? [];
  }

  isBlocked(key: Key): boolean {
    return (this.#all.get(key)?.after.length ?? 0) > 0;
  }

  add({ operation, after, breaks }: Planned, notBefore: number): Entry {
    const key = keyOf(operation);
    const entry: Entry = { key, operation, after, breaks, lane: this.#laneOf(operation), notBefore };
    this.#all.set(key, entry);
    if (isDelete(operation)) this.#deletes.set(key, entry);
    if (notBefore > 0) this.#resting.add(entry);
    if (after.length > 0) this.#blocked += 1;
    this.#bytes += this.#transferBytes(entry);
    for (const other of [...after, ...breaks]) this.#waitersOf(other).add(operation.id);
    this.offer(entry);
    return entry;
  }

  /** It can be done, unless it waits. */
  offer(entry: Entry): void {
    if (entry.after.length > 0) return;
    const lane = this.#ready.get(entry.lane) ?? new Map<Key, Entry>();
    this.#ready.set(entry.lane, lane);
    lane.set(entry.key, entry);
  }

  /** It is being done. */
  begin({ lane, key }: Entry): void {
    this.#ready.get(lane)?.delete(key);
  }

  /** Takes out all that is planned for a node. */
  drop(id: NodeId): readonly Entry[] {
    const dropped = keysOf(id).flatMap((key) => this.#all.get(key) ?? []);
    for (const entry of dropped) {
      this.#all.delete(entry.key);
      this.#deletes.delete(entry.key);
      this.#resting.delete(entry);
      this.begin(entry);
      if (entry.after.length > 0) this.#blocked -= 1;
      this.#bytes -= this.#transferBytes(entry);
      for (const blocker of [...entry.after, ...entry.breaks]) {
        const waiters = this.#waiters.get(blocker);
        waiters?.delete(id);
        if (waiters?.size === 0) this.#waiters.delete(blocker);
      }
    }
    return dropped;
  }

  #transferBytes({ lane, operation }: Entry): number {
    return lane === 'hash' ? 0 : contentBytes(operation);
  }

  #waitersOf(node: NodeId): Set<NodeId> {
    const waiters = this.#waiters.get(node) ?? new Set<NodeId>();
    this.#waiters.set(node, waiters);
    return waiters;
  }
}
