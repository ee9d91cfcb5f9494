import type { NodeId } from '../../shared/ids.ts';
import type { Agenda, Lane, Task } from './agenda.ts';
import type { Outcome } from './apply/outcome.ts';
import { type Instant, isInstant, recordInstant } from './apply/record.ts';
import { backoffMs } from './backoff.ts';
import type { CloudOnly } from './cloudOnly/cloudOnly.ts';
import type { DeleteGuard, GuardedDelete } from './guard.ts';
import type { Lanes } from './lanes.ts';
import { newcomer } from './newcomer.ts';
import { closure } from './plan/closure.ts';
import type { Operation, Planned } from './plan/operations.ts';
import { plan } from './plan/plan.ts';
import { Look } from './plan/trees.ts';
import type { Clock, Random } from './ports.ts';
import type { State } from './store/state.ts';

/** A changed file larger than this rests before it is sent: whoever writes it is probably not done. */
const RESTING_BYTES = 1024 * 1024;
const REST_MS = 2_000;
/** Wait, in ms, for what a person has to make possible, such as room on the server. */
const RARELY_MS = 5 * 60_000;
/** First wait, in ms, before an operation whose ground moved is tried on the new ground. */
const LOOK_AGAIN_MS = 250;

/** A turn plans for so many ms, and so many changes at a time: what it has in memory does not grow with what is to be done. */
const TURN_MS = 50;
const SLICE = 500;

/** After so many looks that changed nothing, a person should know; waits have grown to half a minute by then. */
const LOOKS_BEFORE_PROBLEM = 7;
const UNSETTLED = {
  code: 'unsettled',
  message: 'This keeps changing while it is synced: let it rest a moment, it is tried again by itself.',
};

export interface LoopContext {
  readonly state: State;
  readonly cloudOnly: CloudOnly;
  readonly agenda: Agenda;
  readonly lanes: Lanes;
  /** null: every delete of this run is a person's wish. */
  readonly guards: { readonly local: DeleteGuard; readonly remote: DeleteGuard } | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly device: string;
  /** false while a person has paused, or the server is away, or the folder has not been looked at yet. */
  mayStart(lane: Lane): boolean;
  /** Both sides have been seen whole once: before that absence means nothing. */
  observed(): boolean;
  /** Large files need not rest: somebody waits for them. */
  hurried(): boolean;
  /** What follows from an outcome outside the plan: look at the disk, read the feed, wait for the server. */
  react(operation: Operation, outcome: Outcome): void;
  /** These are about to be planned, because something of theirs changed in a tree. */
  changed(ids: readonly NodeId[]): void;
  /** After every turn. */
  turned(): void;
  /** A turn failed in a way that nobody foresaw. */
  onDefect(error: unknown): void;
}

/**
 * The control loop. One turn: plan what changed, hold what a person must see first, start what can be done, and say how
 * things stand. A turn never waits: work goes on in lanes, writes its results into the trees, and asks for another turn.
 */
export class ControlLoop {
  readonly #context: LoopContext;
  #asked = false;
  #stopped = false;
  #cancelTimer: (() => void) | null = null;

  constructor(context: LoopContext) {
    this.#context = context;
  }

  /** Something changed: take a turn soon. Many calls make one turn. */
  wake(): void {
    if (this.#asked || this.#stopped) return;
    this.#asked = true;
    this.#context.clock.soon(() => this.#turn());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  #turn(): void {
    this.#asked = false;
    if (this.#stopped) return;
    try {
      if (this.#context.observed()) {
        const end = this.#context.clock.monotonic() + TURN_MS;
        if (this.#planChanges(end)) {
          this.#guard();
          this.#start();
        }
      }
      this.#context.turned();
    } catch (error) {
      this.#context.onDefect(error);
    }
  }

  /**
   * Plans everything that a change may have touched, and of what is new as much as there is to do for a while. false: the
   * time was up before all changes were seen; nothing may begin before that, and the next turn goes on.
   */
  #planChanges(end: number): boolean {
    const { state, agenda, clock } = this.#context;
    for (;;) {
      if (!state.log.empty) this.#follow();
      else {
        const ids = agenda.next(SLICE);
        if (ids.length === 0) return true;
        this.#plan(new Look(this.#context.cloudOnly.trees()), ids);
      }
      if (clock.monotonic() < end) continue;
      this.wake();
      return state.log.empty;
    }
  }

  /** Plans what some of the changes may have touched. What is new waits for its turn. */
  #follow(): void {
    const { state, agenda, cloudOnly } = this.#context;
    const changes = state.log.take(SLICE);
    this.#context.changed(changes.ids);
    const ids = cloudOnly.follow(changes);
    const look = new Look(cloudOnly.trees());
    const planned: NodeId[] = [];
    for (const id of closure(look, ids, changes.places, (all) => agenda.waitingFor(all))) {
      const likely = newcomer(look.views(id));
      if (!likely || !agenda.postpone(id, likely)) planned.push(id);
    }
    this.#plan(look, planned);
  }

  /** What needs neither disk nor server is done on the spot. */
  #plan(look: Look, ids: readonly NodeId[]): void {
    const { state, agenda, device } = this.#context;
    const work: Planned[] = [];
    const instants: Instant[] = [];
    for (const planned of plan(look, ids, { device })) {
      const { operation, after } = planned;
      if (isInstant(operation) && after.length === 0) instants.push(operation);
      else work.push(planned);
    }
    agenda.replace(ids, work, (operation) => this.#restUntil(operation));
    if (instants.length === 0) return;
    state.transaction(() => {
      for (const operation of instants) recordInstant(state, operation);
    });
  }

  #restUntil(operation: Operation): number {
    const { clock, hurried } = this.#context;
    const large = operation.kind === 'upload' && operation.stat.size > RESTING_BYTES;
    return large && !hurried() ? clock.monotonic() + REST_MS : 0;
  }

  #guard(): void {
    const { agenda, guards, state, clock } = this.#context;
    if (!guards) return;
    const remote: GuardedDelete[] = [];
    const local: GuardedDelete[] = [];
    for (const operation of agenda.deletes()) {
      const { id } = operation;
      if (operation.kind === 'trashRemote') remote.push({ id, files: operation.files });
      else if (operation.kind === 'deleteLocal' && !operation.confirmed) {
        local.push({ id, files: operation.stat.kind === 'file' ? 1 : 0 });
      }
    }
    if (remote.length > 0)
      guards.remote.review(remote, state.synced.fileCount, clock.monotonic(), state.local.missingCount);
    if (local.length > 0) guards.local.review(local, state.synced.fileCount, clock.monotonic());
    const held = new Set<NodeId>();
    if (remote.length > 0) for (const id of guards.remote.held) held.add(id);
    if (local.length > 0) for (const id of guards.local.held) held.add(id);
    agenda.hold(held);
  }

  #start(): void {
    const { agenda, lanes, clock, mayStart } = this.#context;
    const monotonic = clock.monotonic();
    for (const lane of lanes.names) {
      while (mayStart(lane) && lanes.hasRoom(lane)) {
        const tasks = agenda.take(lane, monotonic, lanes.batch(lane));
        if (tasks.length === 0) break;
        lanes.run(lane, tasks, (task, outcome) => this.#settle(task, outcome));
      }
    }
    this.#cancelTimer?.();
    const next = agenda.nextStart(monotonic);
    this.#cancelTimer = Number.isFinite(next) ? clock.after(Math.max(1, next - monotonic), () => this.wake()) : null;
  }

  #waitFor(retry: 'later' | 'rarely' | 'changed', attempts: number): number {
    if (retry === 'changed') return Infinity;
    return retry === 'rarely' ? RARELY_MS : backoffMs(attempts, this.#context.random);
  }

  /** What becomes of an operation whose attempt has ended. */
  #settle({ operation }: Task, outcome: Outcome): void {
    const { agenda, clock, react, state } = this.#context;
    const attempts = agenda.attempts(operation);
    switch (outcome.type) {
      case 'look-again':
      case 'ask-again': {
        // Its ground moved, be it only that the name it was to take is taken: plan the node again.
        state.log.ids.add(operation.id);
        const wait = LOOK_AGAIN_MS * 2 ** Math.min(attempts, LOOKS_BEFORE_PROBLEM);
        const problem = attempts < LOOKS_BEFORE_PROBLEM ? null : { ...UNSETTLED, retryAt: clock.now() + wait };
        agenda.defer(operation, { until: clock.monotonic() + wait, attempts: attempts + 1, problem });
        break;
      }
      case 'problem': {
        const wait = this.#waitFor(outcome.retry, attempts);
        const retryAt = Number.isFinite(wait) ? clock.now() + wait : null;
        const problem = { code: outcome.code, message: outcome.message, retryAt };
        agenda.defer(operation, { until: clock.monotonic() + wait, attempts: attempts + 1, problem });
        break;
      }
      case 'done':
      case 'offline':
      case 'signed-out':
      case 'cancelled':
        break;
    }
    agenda.finish(operation);
    react(operation, outcome);
    this.wake();
  }
}
