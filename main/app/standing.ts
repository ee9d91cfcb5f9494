import type { Delta, NumberedSnapshot, Snapshot } from '../../shared/desktop/snapshot.ts';

/** What keeps a part of the app from running. */
export interface Trouble {
  readonly sentence: string;
  /** It is not tried again by itself. */
  readonly givenUp: boolean;
}

/** null: it runs well. */
interface Troubles {
  readonly engine: Trouble | null;
  readonly server: Trouble | null;
}

/**
 * How everything stands, as the app last heard it: what an engine says, which may be a new one after a crash, and what
 * the app itself knows of engine and server. The window sees one series of numbers, whatever happens behind it.
 */
export class Standing {
  readonly #tell: (message: NumberedSnapshot | Delta) => void;
  #snapshot: Snapshot;
  #n = 0;
  #troubles: Troubles = { engine: null, server: null };

  constructor(first: Snapshot, tell: (message: NumberedSnapshot | Delta) => void) {
    this.#snapshot = first;
    this.#tell = tell;
  }

  get now(): Snapshot {
    return this.#snapshot;
  }

  /** For a window that has just opened, or has missed something. */
  resync(): void {
    this.#tell({ n: this.#n, snapshot: this.#snapshot });
  }

  heard(message: NumberedSnapshot | Delta): void {
    const { trouble: _own, stopped: _never, ...slices } = 'snapshot' in message ? message.snapshot : message.slices;
    this.#change(slices);
  }

  /** The engine's trouble is told first: without an engine, the server's matters less. */
  trouble(change: Partial<Troubles>): void {
    this.#troubles = { ...this.#troubles, ...change };
    const { engine, server } = this.#troubles;
    const first = engine ?? server;
    const trouble = first?.sentence ?? null;
    const stopped = first?.givenUp ? (engine === null ? 'server' : 'engine') : null;
    const known = this.#snapshot;
    if (trouble !== known.trouble || stopped !== known.stopped) this.#change({ trouble, stopped });
  }

  #change(slices: Partial<Snapshot>): void {
    if (Object.keys(slices).length === 0) return;
    this.#snapshot = { ...this.#snapshot, ...slices };
    this.#n += 1;
    this.#tell({ n: this.#n, slices });
  }
}
