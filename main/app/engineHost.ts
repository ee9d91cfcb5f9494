import { type UtilityProcess, utilityProcess } from 'electron';
import type { Command, Outcome, Snapshot } from '../../shared/desktop/contract.ts';
import type { EngineOptions } from '../engine/api.ts';
import { type Kept, keepRunning } from '../headless/keepRunning.ts';
import type { FromEngine, ToEngine } from './engineMessages.ts';

/** The app's side of the engine process. */
export interface EngineHost {
  command(command: Command): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface EngineHostOptions {
  /** Absolute path of the bundled engine process. */
  readonly bundle: string;
  readonly options: EngineOptions;
  onSnapshot(snapshot: Omit<Snapshot, 'trouble'>): void;
  /** A sentence about the engine itself; null: it runs well again. */
  onTrouble(message: string | null): void;
}

/** Runs the engine, and again when it crashes. */
export function hostEngine(host: EngineHostOptions): EngineHost {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let child: UtilityProcess | null = null;
  let nextId = 1;

  const send = (message: ToEngine): void => child?.postMessage(message);
  const hear = (message: FromEngine): void => {
    switch (message.type) {
      case 'snapshot':
        host.onSnapshot(message.snapshot);
        return;
      case 'outcome':
        waiting.get(message.id)?.(message.outcome);
        waiting.delete(message.id);
        return;
      case 'refused':
        host.onTrouble(message.message);
        return;
    }
  };
  const launch = (): Kept => {
    const started = utilityProcess.fork(host.bundle, [], { serviceName: 'Driftless engine', stdio: 'inherit' });
    child = started;
    started.on('message', hear);
    started.once('spawn', () => {
      send({ type: 'start', options: host.options });
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
  const stop = keepRunning({ name: 'The engine', launch, note: host.onTrouble });

  return {
    command: (command) =>
      new Promise((answer) => {
        if (child === null) return answer(notRunning);
        const id = nextId++;
        waiting.set(id, answer);
        send({ type: 'command', id, command });
      }),
    stop,
  };
}

const notRunning: Outcome = {
  ok: false,
  code: 'not-running',
  message: 'The engine is not running at this moment: it starts again by itself.',
};
