import type { NodeId } from '../../shared/ids.ts';
import { signIn } from './account.ts';
import { Agenda, type Lane } from './agenda.ts';
import {
  type Engine,
  EngineError,
  type EngineOptions,
  type EngineState,
  type EngineStatus,
  type HeldDeletes,
  type SyncSummary,
} from './api.ts';
import { partialName } from './apply/downloads.ts';
import { outcomeOf } from './apply/failures.ts';
import { freedBy } from './apply/freed.ts';
import type { Outcome } from './apply/outcome.ts';
import { changesPatterns, isUpward, patternsArrive } from './apply/patterns.ts';
import { type ApplyContext, performer } from './apply/perform.ts';
import { recordParked } from './apply/record.ts';
import { nodeFilesystem } from './disk/nodeFilesystem.ts';
import type { Root } from './disk/root.ts';
import { emptyTmp } from './disk/tmp.ts';
import { openFolder } from './folder.ts';
import { ServerGate } from './gate.ts';
import { Generations } from './generations.ts';
import { DeleteGuard } from './guard.ts';
import { createHasher, type Hasher } from './hash/hasher.ts';
import { contentBytes, Lanes, laneOf } from './lanes.ts';
import { ControlLoop } from './loop.ts';
import type { SyncProblem } from './model.ts';
import { DiskObserver } from './observe/diskObserver.ts';
import { ServerObserver } from './observe/serverObserver.ts';
import type { Operation } from './plan/operations.ts';
import type { Clock, Random } from './ports.ts';
import { IgnoreFile } from './scan/ignoreFile.ts';
import { OwnWrites } from './scan/ownWrites.ts';
import { State } from './store/state.ts';
import { systemClock, systemRandom } from './system.ts';
import { Tally } from './tally.ts';
import { followEvents } from './transfer/events.ts';
import { connectServer, type ServerApi, ServerFailure } from './transfer/server.ts';
import { type FolderWatch, watchFolder } from './watch/watcher.ts';

/** Status is told at most so often, in ms. */
const REPORT_MS = 100;

/** The sync engine of one folder. Nothing runs before `start`. */
export function createEngine(options: EngineOptions): Engine {
  return new SyncEngine(options, systemClock, systemRandom);
}

/** What exists from open to stop. */
interface Opened {
  readonly state: State;
  readonly root: Root;
  /** Aborted by stop. */
  readonly leave: AbortController;
}

/** What exists from start to stop. */
interface Running {
  readonly state: State;
  readonly root: Root;
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly agenda: Agenda;
  readonly lanes: Lanes;
  readonly loop: ControlLoop;
  readonly gate: ServerGate;
  readonly disk: DiskObserver;
  readonly server: ServerObserver;
  readonly guards: { readonly local: DeleteGuard; readonly remote: DeleteGuard };
}

class SyncEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #generations = new Generations();
  readonly #tally: Tally;
  #opened: Opened | null = null;
  #starting: Promise<void> | null = null;
  #running: Running | null = null;
  #watch: FolderWatch | null = null;
  #stopEvents: (() => void) | null = null;
  /** What was left when the engine stopped. */
  #lastProblems: readonly SyncProblem[] = [];
  #halted: string | null = null;
  #watchProblem: SyncProblem | null = null;
  #paused: { readonly cancel: (() => void) | null } | null = null;
  #reportTimer: (() => void) | null = null;

  constructor(options: EngineOptions, clock: Clock, random: Random) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#tally = new Tally(clock);
  }

  async open(): Promise<void> {
    const state = new State(this.#options.stateDir);
    try {
      const root = await openFolder(nodeFilesystem, this.#options.folder, state);
      this.#opened = { state, root, leave: new AbortController() };
    } catch (error) {
      state.close();
      throw error;
    }
  }

  start(): Promise<void> {
    this.#starting = this.#opened ? this.#begin(this.#opened) : Promise.resolve();
    return this.#starting;
  }

  async #begin({ state, root, leave }: Opened): Promise<void> {
    let api: ServerApi | null = null;
    try {
      api = this.#connect();
      const reached = await signIn(api, state, this.#options, leave.signal);
      const running = this.#assemble(state, root, api);
      this.#running = running;
      const unsettled = state.unsettled();
      for (const id of unsettled) state.log.ids.add(id);
      const parked = await emptyTmp(nodeFilesystem, root, partialDownloads(state, unsettled));
      state.transaction(() => recordParked(state, parked));
      if (reached === 'offline')
        running.gate.failed('The server cannot be reached: it is tried again by itself.', null);
      if (!leave.signal.aborted) this.#observe(running);
    } catch (error) {
      api?.close();
      if (leave.signal.aborted) return;
      this.#opened = null;
      this.#running = null;
      state.close();
      throw error;
    }
  }

  status(): EngineStatus {
    const running = this.#running;
    const state = this.#stateName();
    const pending = running ? this.#pending(running) : 0;
    const done = this.#tally.bytesDone;
    return {
      state,
      pending,
      generation: this.#generations.asked,
      syncedGeneration: this.#generations.synced,
      bytesDone: done,
      bytesTotal: Math.max(done, this.#tally.bytesFinished + (running?.agenda.transferBytes(contentBytes) ?? 0)),
      problems: this.problems().length,
      message: this.#halted ?? running?.gate.message ?? null,
    };
  }

  summary(): SyncSummary {
    return this.#tally.summary(this.problems().length);
  }

  problems(): readonly SyncProblem[] {
    const running = this.#running;
    if (!running) return this.#lastProblems;
    const { agenda, state, disk } = running;
    const planned = [...agenda.problems()].map(({ id, problem }) => ({ path: state.shownPath(id), ...problem }));
    return [...(this.#watchProblem ? [this.#watchProblem] : []), ...disk.problems, ...planned];
  }

  held(): readonly HeldDeletes[] {
    const running = this.#running;
    if (!running) return [];
    const { guards, state } = running;
    return (['local', 'remote'] as const).flatMap((direction) => {
      const paths = [...guards[direction].held].map((id) => state.shownPath(id));
      return paths.length > 0 ? [{ direction, paths }] : [];
    });
  }

  syncNow(): number {
    const generation = this.#generations.next();
    const running = this.#running;
    if (running) {
      running.agenda.hurry();
      running.hasher.prepare();
      running.gate.hurry();
      void this.#observeGeneration(running, generation);
      running.loop.wake();
    }
    return generation;
  }

  settled(generation: number): Promise<EngineStatus> {
    const settled = this.#generations.wait(generation);
    this.#running?.loop.wake();
    return settled;
  }

  pause(forMs: number | null): void {
    this.#paused?.cancel?.();
    this.#paused = { cancel: forMs === null ? null : this.#clock.after(forMs, () => this.resume()) };
    this.#running?.agenda.cancelTransfers();
    this.#running?.loop.wake();
  }

  resume(): void {
    this.#paused?.cancel?.();
    this.#paused = null;
    this.#running?.loop.wake();
  }

  approveDeletes(): void {
    this.#running?.guards.local.approve();
    this.#running?.guards.remote.approve();
    this.#running?.loop.wake();
  }

  /** What a person refuses to have deleted lives on: without an agreement both sides count as new, and new wins. */
  denyDeletes(): void {
    const running = this.#running;
    if (!running) return;
    const { guards, state, loop } = running;
    state.transaction(() => {
      for (const id of [...guards.local.held, ...guards.remote.held]) state.forgetAgreement(id);
    });
    loop.wake();
  }

  onChange(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = null;
    opened.leave.abort();
    await this.#starting?.catch(() => undefined);
    if (this.#running) await this.#end(this.#running);
    opened.state.close();
    this.#generations.answer(() => this.status(), true);
  }

  async #end(running: Running): Promise<void> {
    running.loop.stop();
    running.gate.close();
    this.#paused?.cancel?.();
    this.#reportTimer?.();
    running.agenda.cancelAll();
    this.#stopEvents?.();
    await Promise.all([this.#watch?.close(), running.disk.close(), running.server.close()]);
    await running.lanes.idle();
    await running.hasher.close();
    running.api.close();
    this.#lastProblems = this.problems();
    this.#running = null;
  }

  #connect(): ServerApi {
    const { serverUrl, limitUp, limitDown } = this.#options;
    try {
      return connectServer({ url: serverUrl, clock: this.#clock, limitUp, limitDown });
    } catch (error) {
      if (error instanceof ServerFailure) throw new EngineError('server-unreachable', error.message);
      throw error;
    }
  }

  #assemble(state: State, root: Root, api: ServerApi): Running {
    const clock = this.#clock;
    const random = this.#random;
    const ownWrites = new OwnWrites();
    const tally = this.#tally;
    const hasher = createHasher();
    const agenda = new Agenda(laneOf);
    const guards = { local: new DeleteGuard(), remote: new DeleteGuard() };
    const server = new ServerObserver(api, state);
    const ignores = new IgnoreFile(nodeFilesystem, root);
    const disk = new DiskObserver({
      state,
      fs: nodeFilesystem,
      root,
      ignores,
      ownWrites,
      clock,
      random,
      onHalt: ({ message }) => this.#halt(message),
      onLooked: (report) => {
        agenda.retry('in-the-way', freedBy(state, report));
        loop.wake();
      },
    });
    const apply: ApplyContext = {
      state,
      api,
      hasher,
      random,
      tally,
      disk: { fs: nodeFilesystem, root, clock, random, ignores },
      ownWrites,
      device: this.#options.deviceName,
      seenSeq: () => server.seenSeq,
      isConfirmed: (id) => this.#options.allowDeletes || guards.remote.isApproved(id),
      onDeleted: (direction, id, files) => guards[direction].record(id, files, clock.now()),
      onFresh: (id) => disk.recheck(state.local.get(id)?.parentId ?? null),
    };
    const lanes = new Lanes(performer(apply), (error) => this.#halt(defect(error)));
    const gate = new ServerGate(clock, random, () => void this.#askServer());
    const loop: ControlLoop = new ControlLoop({
      state,
      agenda,
      lanes,
      guards: this.#options.allowDeletes ? null : guards,
      clock,
      random,
      device: this.#options.deviceName,
      mayStart: (lane) => this.#mayStart(lane),
      observed: () => disk.looked && server.caughtUp,
      hurried: () => !this.#options.watch || this.#generations.open,
      react: (operation, outcome) => this.#react(operation, outcome),
      turned: () => this.#turned(),
      onDefect: (error) => this.#halt(defect(error)),
    });
    return { state, root, api, hasher, agenda, lanes, loop, gate, disk, server, guards };
  }

  /** From now on both sides are followed. */
  #observe({ disk, root, api, loop, hasher }: Running): void {
    void disk.look('all').catch((error: unknown) => this.#halt(defect(error)));
    void this.#askServer();
    loop.wake();
    if (!this.#options.watch) return;
    this.#stopEvents = followEvents({
      api,
      clock: this.#clock,
      random: this.#random,
      onHint: () => void this.#askServer(),
      // Opened: what moved before has to be asked for. Closed: asking tells whether the server is away.
      onState: () => void this.#askServer(),
    });
    this.#watch = watchFolder({
      root: root.path,
      clock: this.#clock,
      onDirty: (folders) => {
        hasher.prepare();
        void (folders === 'all' ? disk.look('all') : disk.lookAt(folders)).catch(this.#onDefect);
      },
      onFault: ({ code, message }) => {
        this.#watchProblem = { path: '', code, message, retryAt: null };
        loop.wake();
      },
    });
    // Between the first look and the first watch something may have happened.
    void this.#watch.ready.then(() => disk.look('all')).catch(this.#onDefect);
    disk.keepVerifying();
  }

  readonly #onDefect = (error: unknown): void => this.#halt(defect(error));

  /** Reads the feed; what comes of it opens or closes the gate. */
  async #askServer(): Promise<boolean> {
    const running = this.#running;
    if (!running) return false;
    const { server, gate, loop, agenda } = running;
    try {
      await server.look();
      gate.opened();
      agenda.retry('quota-exceeded');
      loop.wake();
      return true;
    } catch (error) {
      const outcome = outcomeOf(error, '');
      if (outcome.type === 'signed-out') this.#halt(SIGNED_OUT);
      else if (outcome.type !== 'cancelled') {
        const message = error instanceof Error ? error.message : '';
        gate.failed(message, outcome.type === 'offline' ? outcome.retryAfterMs : null);
      }
      loop.wake();
      return false;
    }
  }

  async #askAbout(id: NodeId): Promise<void> {
    const running = this.#running;
    if (!(await this.#askServer())) return;
    try {
      await running?.server.lookAt(id);
    } catch {
      // The operation is tried again, and then meets what this met.
    }
    running?.loop.wake();
  }

  async #observeGeneration(running: Running, generation: number): Promise<void> {
    const [answered] = await Promise.all([this.#askServer(), running.disk.look('all')]);
    if (answered) this.#generations.observed(generation);
    running.loop.wake();
  }

  #mayStart(lane: Lane): boolean {
    const running = this.#running;
    if (!running || this.#halted !== null || this.#paused) return false;
    if (lane === 'local' || lane === 'hash') return true;
    return running.gate.open && !(isUpward(lane) && patternsArrive(running.state, running.agenda));
  }

  #react(operation: Operation, outcome: Outcome): void {
    const running = this.#running;
    if (!running) return;
    const { id } = operation;
    switch (outcome.type) {
      case 'look-again': {
        const local = running.state.local.get(id);
        const places = [local, 'place' in operation ? operation.place : undefined];
        void running.disk.look(places.map((place) => place?.parentId ?? null)).catch(this.#onDefect);
        return;
      }
      case 'done':
        if (changesPatterns(running.state, operation)) void running.disk.lookAnew().catch(this.#onDefect);
        return;
      case 'ask-again':
        void this.#askAbout(id);
        return;
      case 'offline':
        running.gate.failed(outcome.message, outcome.retryAfterMs);
        return;
      case 'signed-out':
        this.#halt(SIGNED_OUT);
        return;
      case 'problem':
      case 'cancelled':
        return;
    }
  }

  #halt(message: string): void {
    this.#halted = message;
    this.#running?.agenda.cancelAll();
    this.#running?.loop.wake();
  }

  #turned(): void {
    const running = this.#running;
    if (!running) return;
    const generations = this.#generations;
    if (this.#quiet(running) && running.server.behind) void this.#askServer();
    else if (this.#quiet(running)) {
      this.#tally.settle();
      generations.settle();
      // The server was away when somebody asked: it is there now.
      if (generations.open && !generations.allObserved) void this.#observeGeneration(running, generations.asked);
    }
    const state = this.#stateName();
    generations.answer(() => this.status(), state === 'halted' || (state === 'waiting' && generations.allObserved));
    this.#report();
  }

  /** Nothing is known to be different, and nothing is being found out. */
  #quiet(running: Running): boolean {
    const { state, disk, server, gate } = running;
    return (
      gate.open &&
      disk.looked &&
      server.caughtUp &&
      !disk.busy &&
      !server.busy &&
      state.log.empty &&
      !this.#isActive(running)
    );
  }

  #isActive({ agenda, state }: Running): boolean {
    return agenda.active || state.local.missingCount > 0;
  }

  #pending({ agenda, state }: Running): number {
    return agenda.pendingCount() + state.local.missingCount;
  }

  #stateName(): EngineState {
    const running = this.#running;
    if (this.#halted !== null) return 'halted';
    if (!running) return this.#opened ? 'scanning' : 'idle';
    if (this.#paused) return 'paused';
    if (!running.gate.open) return 'offline';
    if (!running.disk.looked || !running.server.caughtUp) return 'scanning';
    if (this.#isActive(running) || !running.state.log.empty) return 'syncing';
    return running.agenda.holds ? 'waiting' : 'idle';
  }

  #report(): void {
    if (this.#reportTimer || this.#listeners.size === 0) return;
    this.#reportTimer = this.#clock.after(REPORT_MS, () => {
      this.#reportTimer = null;
      const status = this.status();
      for (const listener of this.#listeners) listener(status);
    });
  }
}

/** What earlier downloads may have left to go on with. */
function partialDownloads(state: State, ids: readonly NodeId[]): ReadonlySet<string> {
  return new Set(
    ids.flatMap((id) => {
      const contentId = state.remote.get(id)?.contentId;
      return contentId ? [partialName(id, contentId)] : [];
    }),
  );
}

const SIGNED_OUT =
  'The server does not know this device any more: start Driftless again, with a new token if it refuses the present one.';

/** A defect of ours: stop rather than guess, and say where it happened. */
function defect(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Driftless stopped because of a defect; nothing was lost, start it again and please report this: ${what}`;
}
