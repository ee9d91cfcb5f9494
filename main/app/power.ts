import type { PowerMonitor } from 'electron';
import type { SyncView } from '../../shared/desktop/view.ts';

export interface PowerParts {
  /** Of Electron; tells of the plug and of sleep. */
  readonly monitor: Pick<PowerMonitor, 'on' | 'onBatteryPower'>;
  isOnline(): boolean;
  /** The engine should know. */
  onBattery(on: boolean): void;
  /** The computer may reach what it could not reach before: a good moment to look. */
  lookNow(): void;
  /** Runs once, after so many ms; returns how to cancel. */
  after(ms: number, run: () => void): () => void;
}

/** Nothing tells the main process of a network that is back; it is asked so often, in ms, and only while sync is offline. */
export const ASK_MS = 30_000;

export interface Power {
  /** To be called with every change of how sync stands. */
  hear(sync: SyncView | null): void;
}

/** Listens to the computer's plug, sleep and network for the engine, which has no ears for them. */
export function followPower({ monitor, isOnline, onBattery, lookNow, after }: PowerParts): Power {
  let cancel: (() => void) | null = null;
  let wasOnline = true;

  const tell = (): void => onBattery(monitor.onBatteryPower);
  monitor.on('on-battery', tell);
  monitor.on('on-ac', tell);
  // What was connected before is dead now, and nobody has said so.
  monitor.on('resume', lookNow);
  monitor.on('unlock-screen', lookNow);
  tell();

  const ask = (): void => {
    const online = isOnline();
    if (online && !wasOnline) lookNow();
    wasOnline = online;
    cancel = after(ASK_MS, ask);
  };
  return {
    hear(sync) {
      const offline = sync?.state === 'offline';
      if (offline && cancel === null) ask();
      if (!offline && cancel !== null) {
        cancel();
        cancel = null;
        wasOnline = true;
      }
    },
  };
}
