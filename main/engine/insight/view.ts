import type { z } from 'zod';
import type { NodeId } from '../../../shared/ids.ts';
import type { Parts } from '../assemble.ts';
import type { Root } from '../disk/root.ts';
import { hasSeenBoth } from '../standing.ts';
import type { State } from '../store/state.ts';
import { offline } from '../transfer/failure.ts';
import type { Insight } from './insight.ts';
import { renameUnsynced } from './renameUnsynced.ts';
import { CANCELLED, CANCELLED_PROBLEM, PAUSED, PAUSED_PROBLEM, type TransferTask } from './transfers.ts';
import { openTreeReader, type TreeReader } from './treeReader.ts';
import { grantWishes, type Wish, type WishResult } from './wishes.ts';

/** Who wants to hear of something. */
class Listeners<T> {
  readonly #all = new Set<(told: T) => void>();

  add(listener: (told: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(told: T): void {
    for (const listener of this.#all) listener(told);
  }
}

/** The engine's side of {@link Insight}: it outlives what runs, so that who listens need not care. */
export class EngineInsight implements Insight {
  readonly #trees = new Listeners<Iterable<NodeId>>();
  readonly #media = new Listeners<void>();
  readonly #transferred = new Listeners<TransferTask>();
  readonly #underWay: (id: NodeId) => number;
  #state: State | null = null;
  #reader: TreeReader | null = null;
  #root: Root | null = null;
  #parts: Parts | null = null;
  #limits: { readonly up: number | null; readonly down: number | null } | null = null;

  /** `underWay`: how many bytes of a running transfer are over. */
  constructor(underWay: (id: NodeId) => number) {
    this.#underWay = underWay;
  }

  opened(state: State, root: Root): void {
    this.#state = state;
    this.#root = root;
    this.#reader = openTreeReader(state.database);
  }

  running(parts: Parts | null): void {
    this.#parts = parts;
    if (this.#limits) parts?.api.setLimits(this.#limits.up, this.#limits.down);
  }

  closed(): void {
    this.#parts = null;
    this.#state = null;
    this.#reader = null;
  }

  /** To be called when planned changes are known; the ids are not kept. */
  readonly treesChanged = (ids: Iterable<NodeId>): void => this.#trees.tell(ids);
  readonly mediaFound = (): void => this.#media.tell();
  readonly transferDone = (task: TransferTask): void => this.#transferred.tell(task);

  get trees(): TreeReader | null {
    return this.#reader;
  }

  get serverId(): string | null {
    return this.#state?.settings.get('serverId') ?? null;
  }

  get complete(): boolean {
    const parts = this.#parts;
    return parts !== null && hasSeenBoth(parts);
  }

  get root(): string | null {
    return this.#root?.path ?? null;
  }

  onTrees(listener: (ids: Iterable<NodeId>) => void): () => void {
    return this.#trees.add(listener);
  }

  onMedia(listener: () => void): () => void {
    return this.#media.add(listener);
  }

  onTransferred(listener: (task: TransferTask) => void): () => void {
    return this.#transferred.add(listener);
  }

  transfers(): Iterable<TransferTask> {
    return this.#parts?.agenda.transfers(this.#underWay) ?? [];
  }

  transferOf(id: NodeId): TransferTask | null {
    return this.#parts?.agenda.transferOf(id, this.#underWay) ?? null;
  }

  problemOf(id: NodeId): ReturnType<Insight['problemOf']> {
    return this.#parts?.agenda.problemOf(id) ?? null;
  }

  retry(id: NodeId | null): void {
    // What a person cancelled is none of what failed: only who names it means it.
    this.#parts?.agenda.tryAgain((operation, code) =>
      id === null ? code !== PAUSED && code !== CANCELLED : code !== PAUSED && operation.id === id,
    );
    this.#parts?.loop.wake();
  }

  hold(id: NodeId, on: boolean): boolean {
    const parts = this.#parts;
    if (!parts) return false;
    parts.loop.wake();
    if (on) return parts.agenda.putOff(id, PAUSED_PROBLEM);
    parts.agenda.tryAgain((operation, code) => code === PAUSED && operation.id === id);
    return true;
  }

  cancel(id: NodeId): boolean {
    this.#parts?.loop.wake();
    return this.#parts?.agenda.putOff(id, CANCELLED_PROBLEM) ?? false;
  }

  renameUnsynced(path: string, name: string): Promise<WishResult> {
    return this.#parts ? renameUnsynced(this.#parts, path, name) : Promise.reject(offline('not running'));
  }

  diskPath(id: NodeId): readonly string[] | null {
    const local = this.#state?.local.get(id);
    if (!local || local.missingSince !== null) return null;
    return this.#state?.diskPathOf(local) ?? null;
  }

  get cloudOnly(): ReadonlySet<NodeId> {
    return this.#state?.cloudOnly.ids ?? new Set();
  }

  grant(wishes: readonly Wish[]): Promise<readonly WishResult[]> {
    return this.#parts ? grantWishes(this.#parts, wishes) : Promise.reject(offline('not running'));
  }

  ask<T extends z.ZodType>(request: Parameters<Insight['ask']>[0], schema: T): Promise<z.infer<T>> {
    return this.#parts ? this.#parts.api.ask(request, schema) : Promise.reject(offline('not running'));
  }

  fetch(request: Parameters<Insight['fetch']>[0]): ReturnType<Insight['fetch']> {
    return this.#parts ? this.#parts.api.fetch(request) : Promise.reject(offline('not running'));
  }

  setLimits(up: number | null, down: number | null): void {
    this.#limits = { up, down };
    this.#parts?.api.setLimits(up, down);
  }
}
