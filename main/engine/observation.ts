import type { NodeId } from '../../shared/ids.ts';
import { outcomeOf } from './apply/failures.ts';
import type { Outcome } from './apply/outcome.ts';
import { changesPatterns } from './apply/patterns.ts';
import type { Parts } from './assemble.ts';
import type { SyncProblem } from './model.ts';
import type { Operation } from './plan/operations.ts';
import type { EnginePorts } from './ports.ts';
import { followEvents } from './transfer/events.ts';
import { ServerFailure } from './transfer/failure.ts';
import { watchWakeUps } from './wake.ts';
import { lookWhenWatched } from './watch/firstLook.ts';
import type { FolderWatch } from './watch/watcher.ts';

export interface ObservationContext {
  readonly parts: Parts;
  readonly ports: EnginePorts;
  readonly onSignedOut: () => void;
  /** The server may have found out more about what files show. */
  readonly onMedia: () => void;
  /** The computer seems to have slept. */
  readonly onWake: () => void;
  readonly onDefect: (error: unknown) => void;
}

/** Follows both sides: asks when somebody wants to know, and listens to what says that it is worth asking. */
export class Observation {
  readonly #context: ObservationContext;
  #watch: FolderWatch | null = null;
  #stopEvents: (() => void) | null = null;
  #stopWaking: (() => void) | null = null;
  #stopWaiting: (() => void) | null = null;
  /** One for each way in which watching can fail. */
  readonly #problems = new Map<string, SyncProblem>();

  constructor(context: ObservationContext) {
    this.#context = context;
  }

  /** Where watching is not possible. */
  get problems(): readonly SyncProblem[] {
    return [...this.#problems.values()];
  }

  /** Looks at both sides; with `follow` goes on doing so whenever something may have changed. */
  begin(follow: boolean): void {
    const { parts, ports, onDefect, onMedia } = this.#context;
    const { disk, root, api, loop, hasher, undo, rescans } = parts;
    const { clock, random } = ports;
    undo.start();
    void this.askServer();
    loop.wake();
    if (!follow) {
      void disk.look('all').catch(onDefect);
      return;
    }
    this.#stopEvents = followEvents({
      api,
      clock,
      random,
      onHint: () => void this.askServer(),
      onMedia,
      // Opened: what moved before has to be asked for. Closed: asking tells whether the server is away.
      onState: (state) => {
        void this.askServer();
        if (state === 'open') onMedia();
      },
    });
    this.#watch = ports.watchFolder({
      root: root.path,
      clock,
      onDirty: (folders) => {
        hasher.prepare();
        void (folders === 'all' ? disk.look('all') : disk.lookAt(folders)).catch(onDefect);
      },
      onFault: ({ code, folder, message }) => {
        rescans.add(folder);
        if (!this.#problems.has(code)) this.#problems.set(code, { path: folder ?? '', code, message, retryAt: null });
        loop.wake();
      },
    });
    const look = (): void => void disk.look('all').catch(onDefect);
    this.#stopWaiting = lookWhenWatched(this.#watch.ready, clock, look);
    disk.keepVerifying();
    this.#stopWaking = watchWakeUps(clock, () => this.#lookAfresh());
  }

  async close(): Promise<void> {
    const { disk, server, undo, departures, rescans } = this.#context.parts;
    this.#stopEvents?.();
    this.#stopWaking?.();
    this.#stopWaiting?.();
    rescans.close();
    await Promise.all([this.#watch?.close(), disk.close(), server.close()]);
    await Promise.all([undo.close(), departures.close()]);
  }

  /** After a sleep nothing that was heard before may be relied on. */
  #lookAfresh(): void {
    const { parts, onWake, onDefect } = this.#context;
    onWake();
    parts.gate.hurry();
    void this.askServer();
    void parts.disk.look('all').catch(onDefect);
  }

  /** Reads the feed; what comes of it opens or closes the gate. Answers whether the server did. */
  async askServer(): Promise<boolean> {
    const { server, gate, loop, agenda } = this.#context.parts;
    try {
      await server.look();
      gate.opened();
      agenda.retry('quota-exceeded');
      loop.wake();
      return true;
    } catch (error) {
      if (error instanceof ServerFailure) this.#unanswered(error);
      else this.#context.onDefect(error);
      loop.wake();
      return false;
    }
  }

  /** The server refused, or could not be reached. */
  #unanswered(failure: ServerFailure): void {
    const outcome = outcomeOf(failure, '');
    if (outcome.type === 'signed-out') this.#context.onSignedOut();
    else if (outcome.type !== 'cancelled')
      this.#context.parts.gate.failed(failure.message, outcome.type === 'offline' ? outcome.retryAfterMs : null);
  }

  /** Asks for a node that is not what it was taken for. */
  async #askAbout(id: NodeId): Promise<void> {
    const { server, loop } = this.#context.parts;
    if (!(await this.askServer())) return;
    try {
      await server.lookAt(id);
    } catch {
      // The operation is tried again, and then meets what this met.
    }
    loop.wake();
  }

  /** Where it was and where it goes, and inside a folder: what keeps it from going may be something nobody has seen yet. */
  #lookAround(operation: Operation): void {
    const { disk, state } = this.#context.parts;
    const local = state.local.get(operation.id);
    const places = [local, 'place' in operation ? operation.place : undefined];
    const inside = local?.kind === 'folder' ? [local.id] : [];
    void disk.look([...places.map((place) => place?.parentId ?? null), ...inside]).catch(this.#context.onDefect);
  }

  /** What follows from an attempt at an operation: look at the disk, read the feed, wait for the server. */
  react(operation: Operation, outcome: Outcome): void {
    switch (outcome.type) {
      case 'look-again':
        this.#lookAround(operation);
        return;
      case 'ask-again':
        void this.#askAbout(operation.id);
        return;
      case 'offline':
        this.#context.parts.gate.failed(outcome.message, outcome.retryAfterMs);
        return;
      case 'signed-out':
        this.#context.onSignedOut();
        return;
      case 'done': {
        const { disk, state } = this.#context.parts;
        if (changesPatterns(state, operation)) void disk.lookAnew().catch(this.#context.onDefect);
        return;
      }
      case 'problem':
      case 'cancelled':
        return;
    }
  }

  /** Looks at both sides once more; answers whether both were seen. */
  async observeAll(): Promise<boolean> {
    const looked = this.#context.parts.disk.look('all').then(
      () => true,
      (error: unknown) => {
        this.#context.onDefect(error);
        return false;
      },
    );
    const seen = await Promise.all([this.askServer(), looked]);
    return seen.every(Boolean);
  }
}
