import type { SyncView } from '../../shared/desktop/view.ts';
import { type Engine, EngineError, type EngineOptions } from '../engine/api.ts';
import { type ControlServer, serveControl } from './control.ts';
import { isLive, reserveAddress } from './controlAddress.ts';
import { realTimes, type Times, trackProgress } from './progress.ts';

export type CreateEngine = (options: EngineOptions) => Engine;

/** An engine with its control socket, and how it stands in words for people. One per state folder. */
export interface Session {
  readonly folder: string;
  readonly engine: Engine;
  /** Makes a new address, good once, of the window that a browser can show; null: there is none. */
  windowAddress: (() => string) | null;
  view(): SyncView;
  /** After every change; at most ten times a second, as the engine promises. */
  onChange(listener: (view: SyncView) => void): () => void;
  /** Throws EngineError when a person must act first, also when another engine runs on this state. */
  start(): Promise<void>;
  /** For so many ms, or until `resume`. */
  pause(forMs: number | null): void;
  resume(): void;
  /** Finishes cleanly; may be called at any time, and again. */
  stop(): Promise<void>;
}

/** `onOpened`: the engine's state can be read; the server has not been asked anything yet. */
export function openSession(
  options: EngineOptions,
  create: CreateEngine,
  times: Times = realTimes,
  onOpened: (session: Session) => void = () => undefined,
): Session {
  const engine = create(options);
  const progress = trackProgress(engine, times);
  let control: ControlServer | null = null;
  let opened: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | null = null;

  const open = async (): Promise<void> => {
    const address = reserveAddress(options.stateDir);
    if (await isLive(address)) throw stateInUse(options.stateDir);
    await engine.open();
    // The engine holds the state's lock from here on, so whatever socket lies there is a dead engine's. It is served
    // before the server is asked anything: a server that says nothing must not make this engine silent too.
    control = await serveControl(session, address);
    onOpened(session);
  };

  const session: Session = {
    folder: options.folder,
    engine,
    windowAddress: null,
    view: () => progress.view(),
    onChange: (listener) => engine.onChange(() => listener(progress.view())),
    async start() {
      opened = open();
      await opened;
      if (stopped !== null) return;
      try {
        await engine.start();
      } catch (error) {
        await control?.close();
        throw error;
      }
    },
    pause(forMs) {
      progress.pausedUntil(forMs === null ? null : times.now() + forMs);
      engine.pause(forMs);
    },
    resume() {
      progress.pausedUntil(null);
      engine.resume();
    },
    stop() {
      stopped ??= (async () => {
        // Opening is a matter of moments, and what it opened has to be closed.
        await opened.catch(() => undefined);
        await control?.close();
        await engine.stop();
      })();
      return stopped;
    },
  };
  return session;
}

const stateInUse = (stateDir: string): EngineError =>
  new EngineError(
    'state-in-use',
    `Another Driftless is running with the state in ${stateDir}: stop it, or give this one a folder of its own with --state.`,
  );
