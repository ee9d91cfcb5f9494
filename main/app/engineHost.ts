import { type UtilityProcess, utilityProcess } from 'electron';
import type { AddedPath } from '../../shared/desktop/channels.ts';
import type { CommandName, Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import { type Kept, keepRunning } from '../headless/keepRunning.ts';
import type { Given } from '../headless/station/station.ts';
import type { Favour, FavourAnswer, FromEngine, ToEngine } from './engineMessages.ts';
import { keepsStopping, MOST_ENDS } from './patience.ts';
import type { DeviceKey } from './secrets.ts';
import type { Trouble } from './standing.ts';

/** The app's side of the engine process. */
export interface EngineHost {
  ask(command: CommandName, input: unknown): Promise<Outcome<unknown>>;
  add(file: AddedPath): Promise<Outcome<null>>;
  /** Absolute paths of those of these files that are on this disk. */
  paths(ids: readonly NodeId[]): Promise<readonly string[]>;
  onBattery(on: boolean): void;
  lookNow(): void;
  /** After it was given up, or a person had to act first. */
  startAgain(): void;
  stop(): Promise<void>;
}

export interface EngineHostOptions {
  /** Absolute path of the bundled engine process. */
  readonly bundle: string;
  readonly given: Given;
  readonly key: DeviceKey;
  onTold(message: NumberedSnapshot | Delta): void;
  onSettings(settings: Settings): void;
  onFolder(folder: string): void;
  onFavour<F extends Favour>(favour: F): Promise<FavourAnswer<F>>;
  /** What is wrong with the engine itself; null: it runs well again. */
  onTrouble(trouble: Trouble | null): void;
}

/** What is asked of the engine process, without the number by which its answer is known. */
type Asked = Omit<Extract<ToEngine, { type: 'ask' }>, 'id'> | Omit<Extract<ToEngine, { type: 'add' }>, 'id'>;

/** Runs the engine, and again when it crashes. */
export function hostEngine(host: EngineHostOptions): EngineHost {
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  let child: UtilityProcess | null = null;
  let nextId = 1;
  let onBattery = false;
  let refused = false;
  let startAgain = (): void => undefined;

  const send = (message: ToEngine): void => child?.postMessage(message);
  const hear = (message: FromEngine): void => {
    switch (message.type) {
      case 'told':
        host.onTold(message.message);
        return;
      case 'outcome':
        waiting.get(message.id)?.(message.outcome);
        waiting.delete(message.id);
        return;
      case 'favour':
        void host.onFavour(message.favour).then((answer) => send({ type: 'favour-done', id: message.id, answer }));
        return;
      case 'settings':
        host.onSettings(message.settings);
        return;
      case 'folder':
        host.onFolder(message.folder);
        return;
      case 'refused':
        refused = true;
        host.onTrouble({ sentence: message.message, givenUp: false });
        return;
    }
  };
  const launch = (): Kept => {
    const started = utilityProcess.fork(host.bundle, [], { serviceName: 'Driftless engine', stdio: 'inherit' });
    child = started;
    refused = false;
    started.on('message', hear);
    started.once('spawn', () => {
      const { given, key } = host;
      send({ type: 'start', given, key, onBattery });
      host.onTrouble(null);
    });
    const ended = new Promise<string>((settle) => {
      started.once('exit', (code) => {
        child = null;
        for (const answer of waiting.values()) answer(notRunning);
        waiting.clear();
        settle(`exit code ${code}`);
      });
    });
    return { ended, stop: () => send({ type: 'stop' }) };
  };
  const stop = keepRunning({
    name: 'The engine',
    launch,
    note: (sentence) => host.onTrouble({ sentence, givenUp: false }),
    patience: {
      ends: MOST_ENDS,
      gaveUp(why, again) {
        startAgain = again;
        host.onTrouble({ sentence: keepsStopping('The engine', why), givenUp: true });
      },
    },
  });

  const answered = (asked: Asked | Omit<Extract<ToEngine, { type: 'paths' }>, 'id'>): Promise<Outcome<unknown>> =>
    new Promise((answer) => {
      if (child === null) return answer(notRunning);
      const id = nextId++;
      waiting.set(id, answer);
      send({ ...asked, id });
    });

  return {
    ask: (command, input) => answered({ type: 'ask', command, input }),
    add: async (file) => {
      const outcome = await answered({ type: 'add', file });
      return outcome.ok ? { ok: true, value: null } : outcome;
    },
    paths: async (ids) => {
      const outcome = await answered({ type: 'paths', ids });
      return outcome.ok ? (outcome.value as readonly string[]) : [];
    },
    onBattery(on) {
      onBattery = on;
      send({ type: 'on-battery', on });
    },
    lookNow: () => send({ type: 'look-now' }),
    // One that waits for a person ends, and is then begun anew as after any other end.
    startAgain: () => (refused ? send({ type: 'stop' }) : startAgain()),
    stop,
  };
}

const notRunning: Outcome<never> = {
  ok: false,
  code: 'not-running',
  message: 'The engine is not running at this moment: it starts again by itself.',
};
