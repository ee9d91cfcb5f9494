import type { NodeId } from '../../../shared/ids.ts';
import { outcomeOf } from '../apply/failures.ts';
import type { LocalDisk } from '../apply/local/localDisk.ts';
import { park } from '../apply/local/move.ts';
import { removeFolder } from '../apply/local/remove.ts';
import { recordParked } from '../apply/record.ts';
import type { Hasher } from '../hash/hasher.ts';
import { type LocalNode, type SyncProblem, sameObservation } from '../model.ts';
import { Runner } from '../runner.ts';
import type { OwnWrites } from '../scan/ownWrites.ts';
import type { State } from '../store/state.ts';
import type { CloudOnly } from './cloudOnly.ts';
import { takeAway } from './takeAway.ts';

/** What could not leave is tried again after this long, in ms, or when something about it changes. */
const AGAIN_MS = 5 * 60_000;
/** So many are asked about at once: the server's word is never older than the removal of a few. */
const BATCH = 100;

export interface DeparturesContext {
  readonly state: State;
  readonly disk: LocalDisk;
  readonly hasher: Pick<Hasher, 'hashFile'>;
  readonly ownWrites: OwnWrites;
  readonly cloudOnly: CloudOnly;
  /** Reads the feed to its end; false when the server cannot be asked. */
  askServer(): Promise<boolean>;
  /** Something is being done by the plan: no folder is taken away under it. */
  isWorking(): boolean;
  /** The disk is not what was observed in these folders. */
  lookAgain(folders: readonly (NodeId | null)[]): void;
  /** A tree may have changed. */
  onDone(): void;
  /** Something failed in a way that nobody foresaw. */
  onDefect(error: unknown): void;
}

interface Kept {
  /** As it was when it could not leave. */
  readonly node: LocalNode;
  readonly until: number;
  readonly problem: SyncProblem;
}

/**
 * Takes from the disk what is left to the server, one thing at a time and only what is exactly as the server has just
 * said that it has it. What is not stays, and a problem says why. Nothing on the server is changed by this.
 */
export class Departures {
  readonly #context: DeparturesContext;
  readonly #kept = new Map<NodeId, Kept>();
  readonly #runner: Runner;
  #cancelTimer: (() => void) | null = null;
  #stopped = false;

  constructor(context: DeparturesContext) {
    this.#context = context;
    this.#runner = new Runner(() => this.#run());
  }

  /** Begins with what may leave now, if there is any. */
  request(): void {
    if (this.#stopped || this.#runner.busy || this.#due().length === 0) return;
    const { onDone, onDefect } = this.#context;
    void this.#runner.request().then(onDone, onDefect);
  }

  get busy(): boolean {
    return this.#runner.busy;
  }

  get problems(): readonly SyncProblem[] {
    return [...this.#kept].flatMap(([id, kept]) => (this.#isKept(id, kept) ? [kept.problem] : []));
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#runner.close();
  }

  /** Files before folders, and of folders those with nothing in them. */
  #due(): readonly NodeId[] {
    const { state, cloudOnly, disk, isWorking } = this.#context;
    const now = disk.clock.monotonic();
    const due = [...cloudOnly.leaving, ...cloudOnly.inTheWay].filter((id) => {
      const kept = this.#kept.get(id);
      if (kept && (now >= kept.until || !this.#isKept(id, kept))) this.#kept.delete(id);
      return !this.#kept.has(id);
    });
    const isFile = (id: NodeId): boolean => state.local.get(id)?.kind === 'file';
    const files = due.filter(isFile);
    if (files.length > 0 || isWorking()) return files;
    return due.filter((id) => cloudOnly.inTheWay.has(id) || !state.local.hasChildren(id));
  }

  #isKept(id: NodeId, { node }: Kept): boolean {
    const { cloudOnly, state } = this.#context;
    const now = state.local.get(id);
    const isMeant = cloudOnly.leaving.has(id) || cloudOnly.inTheWay.has(id);
    return isMeant && now !== undefined && sameObservation(now.stat, node.stat);
  }

  async #run(): Promise<void> {
    // Once each: what could leave by the last plan may have changed since, which only the next one will know.
    const tried = new Set<NodeId>();
    const untried = (): readonly NodeId[] => this.#due().filter((id) => !tried.has(id));
    for (let due = untried(); due.length > 0; due = untried()) {
      if (this.#stopped || !(await this.#context.askServer())) return;
      for (const id of due.slice(0, BATCH)) {
        if (this.#stopped) return;
        tried.add(id);
        await this.#attempt(id);
      }
      // What the server just said is planned before it is relied on again.
      this.#context.onDone();
      await new Promise(setImmediate);
    }
  }

  async #attempt(id: NodeId): Promise<void> {
    const { state, cloudOnly, ownWrites } = this.#context;
    const node = state.local.get(id);
    const view = cloudOnly.view();
    if (!node || !(view.isLeaving(id) || view.isInTheWay(id))) return;
    const ended = ownWrites.begin([node]);
    try {
      if (view.isInTheWay(id)) await this.#putAside(node);
      else if (node.kind === 'file') await this.#leaveFile(node);
      else await this.#leaveFolder(node);
    } catch (error) {
      const outcome = outcomeOf(error, state.shownPath(id));
      if (outcome.type === 'problem') this.#keep(node, outcome.code, outcome.message);
      else this.#keepChanging(node);
    } finally {
      ended();
    }
  }

  async #leaveFile(node: LocalNode): Promise<void> {
    const { state, disk, hasher } = this.#context;
    const at = state.diskPathOf(node);
    if (node.contentId === null || !at) return;
    const taken = await takeAway(disk, hasher, { at, expected: node.stat }, node.contentId);
    switch (taken.status) {
      case 'done':
        this.#forget(node);
        return;
      case 'differs': {
        // Somebody changed it and set its time back: it is sent like any other change.
        const now = state.local.get(node.id);
        if (!now || !sameObservation(now.stat, node.stat)) return;
        state.transaction(() => state.local.put({ ...now, contentId: taken.contentId }));
        return;
      }
      case 'changed':
        this.#keepChanging(node);
    }
  }

  #keepChanging(node: LocalNode): void {
    this.#keep(node, 'changing', 'It was changed just now, so it stays here until it is synced: wait a moment.');
    this.#context.lookAgain([node.parentId]);
  }

  async #leaveFolder(node: LocalNode): Promise<void> {
    const { state, disk, lookAgain } = this.#context;
    const at = state.diskPathOf(node);
    if (!at || state.local.hasChildren(node.id)) return;
    const removed = await removeFolder(disk, { at, expected: node.stat });
    if (removed.status === 'done' || (removed.status === 'not-empty' && removed.onlyIgnored)) {
      this.#forget(node);
      return;
    }
    const message = 'Something in it is not on the server, so it stays here: see what it holds.';
    this.#keep(node, 'not-empty', message);
    lookAgain([node.parentId, node.id]);
  }

  /** Its name was given to another, for which what it holds may be waiting. */
  async #putAside(node: LocalNode): Promise<void> {
    const { state, disk, lookAgain } = this.#context;
    const from = state.diskPathOf(node);
    if (!from) return;
    const parked = await park(disk, { id: node.id, from, expected: node.stat });
    if (parked.status === 'done') state.transaction(() => recordParked(state, [node.id]));
    else {
      this.#keep(node, 'in-use', 'It could not be moved aside just now, so it stays here: wait a moment.');
      lookAgain([node.parentId]);
    }
  }

  #forget({ id }: LocalNode): void {
    const { state } = this.#context;
    this.#kept.delete(id);
    state.transaction(() => {
      state.local.remove(id);
      state.synced.remove(id);
      state.uploads.remove(id);
      state.sent.settle(id);
    });
  }

  #keep(node: LocalNode, code: string, message: string): void {
    const { state, disk, onDone } = this.#context;
    const { clock } = disk;
    const path = state.shownPath(node.id);
    const problem = { path, code: `cloud-only-${code}`, message, retryAt: clock.now() + AGAIN_MS };
    this.#kept.set(node.id, { node, until: clock.monotonic() + AGAIN_MS, problem });
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(AGAIN_MS, onDone);
  }
}
