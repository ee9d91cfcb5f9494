import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { isInside } from '../cloudOnly/view.ts';
import type { RootFault } from '../disk/root.ts';
import type { SyncProblem } from '../model.ts';
import { Runner } from '../runner.ts';
import type { IgnoreFile } from '../scan/ignoreFile.ts';
import { foldersAt, type KnownLocal, type LocalChange } from '../scan/known.ts';
import { type ScannerParts, type ScanReport, scan } from '../scan/scanner.ts';
import { sweepMissing } from '../scan/sweep.ts';
import type { State } from '../store/state.ts';
import { lookAtParked } from './parked.ts';

/** What is missing is looked for once more after this long, in ms: it may have moved to where nobody looked yet. */
const SWEEP_MS = 2_000;
/** Everything is looked at again after so many ms at the latest, for hints may get lost: hourly, give or take a quarter. */
const VERIFY_MS = 75 * 60_000;
const VERIFY_SPREAD = 0.4;
/** A file written in the moment it was read may have been written once more without a trace in its times. */
const RECHECK_MS = 2_100;

export interface DiskObserverContext extends Omit<ScannerParts, 'known' | 'apply'> {
  readonly state: State;
  readonly ignores: IgnoreFile;
  /** The folder is not what it was: nothing may be believed or touched until a person has looked. */
  onHalt(fault: RootFault): void;
  /** The local tree or the list of problems may have changed. */
  onLooked(report: ScanReport): void;
  /** A look that nobody waits for has failed, as when the state cannot be read. */
  readonly onDefect: (error: unknown) => void;
}

/** The local tree as the scanner reads it. */
export function knownLocal(state: State): KnownLocal {
  const { local, remote, synced } = state;
  return {
    get: (id) => local.get(id),
    child: (parentId, name) => local.child(parentId, name),
    children: (parentId) => local.children(parentId),
    byIdentity: (dev, ino) => local.byIdentity(dev, ino),
    missing: (since) => local.missing().filter(({ missingSince }) => missingSince !== null && missingSince <= since),
    isSynced: (id) => synced.get(id) !== undefined,
    isWanted: (parentId, name) => {
      const holder = remote.holder(parentId, nameKey(name));
      return holder !== undefined && !isInside(remote, state.cloudOnly.ids, holder.id);
    },
  };
}

/** Keeps the local tree true: scans what hints or a person ask for, and everything now and then. */
export class DiskObserver {
  readonly #context: DiskObserverContext;
  readonly #parts: ScannerParts;
  readonly #runner: Runner;
  readonly #stop = new AbortController();
  readonly #problems = new Map<string, SyncProblem>();
  #revision = 0;
  readonly #recheck = new Set<NodeId | null>();
  readonly #timers = new Map<'sweep' | 'verify' | 'recheck', () => void>();
  #dirty: Set<NodeId | null> | 'all' = new Set();
  /** Looks at everything that are needed, by number, and the last one done: patterns that change ask for another. */
  #needed = 1;
  #seen = 0;

  constructor(context: DiskObserverContext) {
    this.#context = context;
    this.#parts = { ...context, known: knownLocal(context.state), apply: (changes) => this.#apply(changes) };
    this.#runner = new Runner(() => this.#scan());
  }

  /** Resolves when a look at these folders, begun after this call, is in the local tree. */
  look(folders: 'all' | readonly (NodeId | null)[]): Promise<void> {
    if (folders === 'all') this.#dirty = 'all';
    else if (this.#dirty !== 'all') for (const id of folders) this.#dirty.add(id);
    return this.#runner.request();
  }

  /** Hints of the watcher: paths relative to the root. */
  lookAt(paths: readonly string[]): Promise<void> {
    return this.look(foldersAt(this.#parts.known, paths));
  }

  /** A file in this folder was written a moment ago: look once more when its clock has moved on. */
  recheck(folder: NodeId | null): void {
    this.#recheck.add(folder);
    this.#later('recheck', RECHECK_MS, () => {
      const folders = [...this.#recheck];
      this.#recheck.clear();
      return this.look(folders);
    });
  }

  get busy(): boolean {
    return this.#runner.busy;
  }

  /** true once everything has been looked at, with the ignore patterns as they are. */
  get looked(): boolean {
    return this.#seen === this.#needed;
  }

  get problemCount(): number {
    return this.#problems.size + (this.#context.ignores.problem ? 1 : 0);
  }

  /** Another one whenever the problems may be different. */
  get problemsRevision(): number {
    return this.#revision;
  }

  get problems(): readonly SyncProblem[] {
    const { problem } = this.#context.ignores;
    return problem ? [problem, ...this.#problems.values()] : [...this.#problems.values()];
  }

  /**
   * The ignore file was changed by this engine: until everything has been looked at with its new patterns, nothing is
   * known well enough to be sent.
   */
  lookAnew(): Promise<void> {
    this.#needed += 1;
    return this.look('all');
  }

  /** Looks at everything once in about an hour from now on, whatever becomes of one such look. */
  keepVerifying(): void {
    if (this.#stop.signal.aborted) return;
    this.#later('verify', VERIFY_MS * (1 - this.#context.random.fraction() * VERIFY_SPREAD), async () => {
      try {
        await this.look('all');
      } finally {
        this.keepVerifying();
      }
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await this.#runner.close();
  }

  async #scan(): Promise<void> {
    const { clock, onHalt, onLooked, onDefect, ignores, state } = this.#context;
    if (await ignores.changed()) this.#needed += 1;
    const needed = this.#needed;
    const folders = this.#dirty === 'all' || !this.looked ? 'all' : [...this.#dirty];
    this.#dirty = new Set();
    const { print } = ignores;
    const judged = state.settings.get('judgedBy') === print;
    const result = await scan(this.#parts, { folders, judged, signal: this.#stop.signal });
    if (result.status === 'halted') return onHalt(result.fault);
    if (result.status === 'aborted') return;
    this.#note(result);
    if (folders === 'all') {
      this.#seen = needed;
      if (!judged) state.settings.set({ judgedBy: print });
    }
    await lookAtParked(this.#parts, state);
    const swept = await sweepMissing(this.#parts, clock.now());
    if (swept.status === 'halted') return onHalt(swept.fault);
    if (this.#context.state.local.missingCount > 0) this.#sweepLater();
    const again = [...result.again, ...swept.again];
    if (again.length > 0) void this.look(again).catch(onDefect);
    onLooked(result);
  }

  /** Another scan does not disturb the wait: what it finds missing has its own. */
  #sweepLater(): void {
    if (!this.#timers.has('sweep')) this.#later('sweep', SWEEP_MS, () => this.look([]));
  }

  #apply(changes: readonly LocalChange[]): void {
    const { local } = this.#context.state;
    this.#context.state.transaction(() => {
      for (const change of changes) {
        if (change.type === 'remove') local.removeTree(change.id);
        else if (change.node.parentId === null || local.get(change.node.parentId)) local.put(change.node);
        // Its folder was given another id, or removed, while it was listed.
        else void this.look('all').catch(this.#context.onDefect);
      }
    });
  }

  /**
   * Faults right inside the folders that were listed replace those found there before. A folder that could not be
   * listed is none of them: it has to be asked for once more.
   */
  #note({ listed, faults }: ScanReport): void {
    const folders = new Set(listed);
    const unlisted: string[] = [];
    for (const [path, { code }] of this.#problems) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (!folders.has(folder)) continue;
      this.#problems.delete(path);
      if (code === 'denied' && !folders.has(path)) unlisted.push(path);
    }
    if (unlisted.length > 0) void this.lookAt(unlisted).catch(this.#context.onDefect);
    for (const { path, code, message } of faults) this.#problems.set(path, { path, code, message, retryAt: null });
    this.#revision += 1;
  }

  #later(name: 'sweep' | 'verify' | 'recheck', ms: number, then: () => Promise<void>): void {
    this.#timers.get(name)?.();
    const cancel = this.#context.clock.after(ms, () => {
      this.#timers.delete(name);
      void then().catch(this.#context.onDefect);
    });
    this.#timers.set(name, cancel);
  }
}
