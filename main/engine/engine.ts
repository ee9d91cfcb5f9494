import { z } from 'zod';
import type { EnrolledDevice } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { forgetDevice, knownDevice, signIn } from './account.ts';
import type { Lane } from './agenda.ts';
import type { Engine, EngineOptions, EngineState, EngineStatus, HeldDeletes, SyncSummary } from './api.ts';
import { partialDownloads } from './apply/downloads.ts';
import { finishMoves } from './apply/local/finishMoves.ts';
import type { Outcome } from './apply/outcome.ts';
import { recordParked } from './apply/record.ts';
import { assemble, connect, type Parts } from './assemble.ts';
import { contentBytes } from './contentBytes.ts';
import { defect } from './defect.ts';
import type { Root } from './disk/root.ts';
import { emptyTmp } from './disk/tmp.ts';
import { openFolder } from './folder.ts';
import { Generations } from './generations.ts';
import { GoodTime, type PauseChoices } from './goodTime.ts';
import { approve, BOTH, deny, HeldPaths } from './heldDeletes.ts';
import { transferDirection } from './insight/transfers.ts';
import { EngineInsight } from './insight/view.ts';
import type { ListedProblem, SyncProblem } from './model.ts';
import { Observation } from './observation.ts';
import { Pause } from './pause.ts';
import type { Operation } from './plan/operations.ts';
import type { EnginePorts } from './ports.ts';
import { Reports } from './reports.ts';
import { isQuiet, mayStart, pendingIn, problemCountIn, problemsBetween, problemsIn, stateOf } from './standing.ts';
import { stateFailure } from './store/failure.ts';
import { State } from './store/state.ts';
import { systemPorts } from './system.ts';
import { Tally } from './tally.ts';
import { isProblem, type ServerApi, ServerFailure } from './transfer/server.ts';

/** The sync engine of one folder. Nothing runs before `start`. */
export function createEngine(options: EngineOptions, ports: EnginePorts = systemPorts): Engine {
  return new SyncEngine(options, ports);
}

/** What exists from open to stop. */
interface Opened {
  readonly state: State;
  readonly root: Root;
  /** Aborted by stop. */
  readonly leave: AbortController;
}

/** What exists from start to stop. */
type Running = Parts & { readonly observation: Observation };

class SyncEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #ports: EnginePorts;
  readonly #generations = new Generations();
  readonly #tally: Tally;
  readonly #pause: Pause;
  readonly #goodTime: GoodTime;
  readonly #reports: Reports;
  readonly insight = new EngineInsight((id) => this.#tally.underWay(id));
  #opened: Opened | null = null;
  #starting: Promise<void> | null = null;
  #running: Running | null = null;
  /** What was left when the engine stopped. */
  #lastProblems: readonly SyncProblem[] = [];
  #halted: string | null = null;
  #signedOut = false;
  readonly #heldPaths = new HeldPaths();
  /** Nothing is done or asked any more: what failed may be the state itself, which then answers nothing. */
  #broken = false;

  constructor(options: EngineOptions, ports: EnginePorts) {
    this.#options = options;
    this.#ports = ports;
    this.#tally = new Tally(ports.clock);
    this.#pause = new Pause(ports.clock, () => this.#running?.loop.wake());
    this.#goodTime = new GoodTime(ports.surroundings, () => this.#reconsider());
    this.#reports = new Reports(ports.clock, () => this.status());
  }

  async open(): Promise<void> {
    const { folder, stateDir } = this.#options;
    const { fs, random } = this.#ports;
    const state = new State(this.#ports.openState(stateDir));
    try {
      const root = await openFolder(fs, random, folder, state);
      this.#opened = { state, root, leave: new AbortController() };
      this.insight.opened(state, root);
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
      api = connect(this.#options, this.#ports);
      const reached = await signIn(api, state, this.#options, leave.signal);
      const running = this.#assemble(state, root, api);
      this.#running = running;
      const unsettled = state.unsettled();
      for (const id of unsettled) state.log.ids.add(id);
      await finishMoves(running.localDisk, state.moves.open());
      const parked = await emptyTmp(this.#ports.fs, root, partialDownloads(state, unsettled));
      state.transaction(() => {
        state.moves.clear();
        recordParked(state, parked);
      });
      if (reached === 'offline')
        running.gate.failed('The server cannot be reached: it is tried again by itself.', null);
      this.insight.running(running);
      if (!leave.signal.aborted) running.observation.begin(this.#options.watch);
    } catch (error) {
      api?.close();
      if (leave.signal.aborted) return;
      this.#opened = null;
      this.#running = null;
      this.insight.closed();
      state.close();
      throw error;
    }
  }

  status(): EngineStatus {
    const running = this.#running;
    const done = this.#tally.bytesDone;
    return {
      state: this.#state(),
      pending: running && !this.#broken ? pendingIn(running) : 0,
      generation: this.#generations.asked,
      syncedGeneration: this.#generations.synced,
      bytesDone: done,
      bytesTotal: Math.max(done, this.#tally.bytesFinished + (running?.agenda.transferBytes ?? 0)),
      problems: this.#problemCount,
      message: this.#halted ?? (this.#paused ? this.#waitsFor() : (running?.gate.message ?? null)),
    };
  }

  summary(): SyncSummary {
    return this.#tally.summary(this.#problemCount);
  }

  problems(): readonly SyncProblem[] {
    if (!this.#running || this.#broken) return this.#lastProblems;
    return [...this.#running.observation.problems, ...problemsIn(this.#running)];
  }

  problemsBetween(from: number, to: number, except: string): readonly ListedProblem[] {
    if (!this.#running || this.#broken) return [];
    return problemsBetween(this.#running, this.#running.observation.problems, { from, to, except });
  }

  countProblems(except: string): number {
    if (!this.#running || this.#broken) return 0;
    return this.#running.observation.problems.length + problemCountIn(this.#running, except);
  }

  get problemsRevision(): string {
    if (!this.#running || this.#broken) return `${this.#lastProblems.length}`;
    const { agenda, disk, observation } = this.#running;
    return `${agenda.problemsRevision} ${disk.problemsRevision} ${observation.problems.length} ${this.#problemCount}`;
  }

  get #problemCount(): number {
    if (!this.#running || this.#broken) return this.#lastProblems.length;
    return this.#running.observation.problems.length + problemCountIn(this.#running);
  }

  held(): readonly HeldDeletes[] {
    return this.#running && !this.#broken ? this.#heldPaths.in(this.#running) : [];
  }

  syncNow(): number {
    const generation = this.#generations.next();
    const running = this.#running;
    if (running) {
      running.agenda.hurry();
      running.gate.hurry();
      void this.#observeGeneration(running, generation);
      running.loop.wake();
    }
    return generation;
  }

  settled(generation: number): Promise<EngineStatus> {
    const settled = this.#generations.wait(generation);
    if (this.#broken) this.#turned();
    this.#running?.loop.wake();
    return settled;
  }

  pause(forMs: number | null): void {
    this.#pause.begin(forMs);
    this.#running?.agenda.cancelTransfers();
    this.#running?.loop.wake();
  }

  resume(): void {
    this.#pause.end();
    this.#goodTime.overrule();
    this.#running?.loop.wake();
  }

  pauseOn(choices: PauseChoices): void {
    this.#goodTime.choose(choices);
  }

  approveDeletes(direction?: HeldDeletes['direction']): void {
    if (this.#running) approve(this.#running, direction ? [direction] : BOTH);
  }

  denyDeletes(direction?: HeldDeletes['direction']): void {
    if (this.#running) deny(this.#running, direction ? [direction] : BOTH);
  }

  cloudOnly(): readonly string[] {
    return this.#running?.cloudOnly.folders ?? [];
  }

  setCloudOnly(path: string, on: boolean): string | null {
    const running = this.#running;
    if (!running?.server.caughtUp) return 'The server’s folders are not known yet: try again in a moment.';
    const { cloudOnly, loop } = running;
    const refusal = on ? cloudOnly.mark(path) : cloudOnly.unmark(path);
    loop.wake();
    return refusal ?? null;
  }

  device(): EnrolledDevice | null {
    return this.#opened && !this.#broken ? knownDevice(this.#opened.state) : null;
  }

  get signedOut(): boolean {
    return this.#signedOut;
  }

  async signOut(): Promise<boolean> {
    const opened = this.#opened;
    const device = this.device();
    if (!opened || !device) return true;
    const told = await this.#giveUp(device);
    forgetDevice(opened.state);
    this.#haltSignedOut();
    return told;
  }

  /** Answers whether the server knows that this device is none any more. */
  async #giveUp({ deviceId }: EnrolledDevice): Promise<boolean> {
    try {
      await this.#running?.api.ask({ method: 'DELETE', path: paths.device(deviceId) }, z.unknown());
      return this.#running !== null;
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      return error.reason.kind === 'unauthenticated' || isProblem(error, 'not-found');
    }
  }

  onChange(listener: (status: EngineStatus) => void): () => void {
    return this.#reports.listen(listener);
  }

  async stop(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = null;
    opened.leave.abort();
    await this.#starting?.catch(() => undefined);
    if (this.#running) await this.#end(this.#running);
    this.insight.closed();
    opened.state.close();
    this.#generations.answer(() => this.status(), true);
  }

  async #end(running: Running): Promise<void> {
    running.loop.stop();
    running.gate.close();
    this.#pause.end();
    this.#goodTime.close();
    this.#reports.stop();
    running.agenda.cancelAll();
    await running.observation.close();
    await running.lanes.idle();
    await running.hasher.close();
    running.api.close();
    this.#lastProblems = this.problems();
    this.#running = null;
  }

  #assemble(state: State, root: Root, api: ServerApi): Running {
    const parts = assemble({
      options: this.#options,
      ports: this.#ports,
      tally: this.#tally,
      state,
      root,
      api,
      mayStart: (lane) => this.#mayStart(lane),
      hurried: () => !this.#options.watch || this.#generations.open,
      react: (operation, outcome) => this.#react(operation, outcome),
      changed: this.insight.treesChanged,
      turned: () => this.#turned(),
      askServer: () => this.#running?.observation.askServer() ?? Promise.resolve(false),
      onHalt: (message) => this.#halt(message),
      onDefect: this.#onDefect,
    });
    const observation = new Observation({
      parts,
      ports: this.#ports,
      onSignedOut: () => this.#haltSignedOut(),
      onMedia: this.insight.mediaFound,
      onWake: () => this.#pause.woken(),
      onDefect: this.#onDefect,
    });
    return { ...parts, observation };
  }

  #react(operation: Operation, outcome: Outcome): void {
    const direction = outcome.type === 'done' ? transferDirection(operation) : null;
    if (direction !== null) {
      const bytes = contentBytes(operation);
      this.insight.transferDone({
        id: operation.id,
        direction,
        bytesTotal: bytes,
        bytesDone: bytes,
        running: false,
        problem: null,
      });
    }
    this.#running?.observation.react(operation, outcome);
  }

  readonly #onDefect = (error: unknown): void => {
    if (this.#broken) return;
    this.#broken = true;
    this.#running?.loop.stop();
    this.#halt(stateFailure(error) ?? defect(error));
    this.#turned();
  };

  async #observeGeneration({ observation, loop }: Running, generation: number): Promise<void> {
    if (await observation.observeAll()) this.#generations.observed(generation);
    loop.wake();
  }

  #mayStart(lane: Lane): boolean {
    return this.#running !== null && this.#halted === null && !this.#paused && mayStart(this.#running, lane);
  }

  get #paused(): boolean {
    return this.#pause.active || this.#goodTime.objection !== null;
  }

  /** A pause that a person has begun needs no reason. */
  #waitsFor(): string | null {
    return this.#pause.active ? null : this.#goodTime.objection;
  }

  /** The surroundings have changed, or what a person wants of them. */
  #reconsider(): void {
    if (this.#paused) this.#running?.agenda.cancelTransfers();
    this.#running?.loop.wake();
  }

  #haltSignedOut(): void {
    this.#signedOut = true;
    this.#halt(SIGNED_OUT);
  }

  #halt(message: string): void {
    this.#halted = message;
    this.#running?.agenda.cancelAll();
    this.#running?.loop.wake();
  }

  #turned(): void {
    const running = this.#running;
    if (!running) return;
    if (this.#broken) this.#generations.answer(() => this.status(), true);
    else this.#settle(running);
    this.#reports.due();
  }

  #settle(running: Running): void {
    const generations = this.#generations;
    if (running.disk.looked && running.server.caughtUp && this.#mayStart('remote')) running.departures.request();
    const quiet = isQuiet(running);
    if (quiet && running.server.behind) void running.observation.askServer();
    else if (quiet) {
      this.#tally.settle();
      generations.settle();
      // The server was away when somebody asked: it is there now.
      if (generations.open && !generations.allObserved) void this.#observeGeneration(running, generations.asked);
    }
    const state = this.#state();
    generations.answer(() => this.status(), state === 'halted' || (state === 'waiting' && generations.allObserved));
  }

  #state(): EngineState {
    if (!this.#running && this.#opened && this.#halted === null) return 'scanning';
    return stateOf(this.#running, { halted: this.#halted !== null, paused: this.#paused });
  }
}

const SIGNED_OUT = 'The server does not know this device any more: sign in again, or start Driftless with a new token.';
