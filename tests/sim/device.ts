import { type Engine, EngineError, type EngineOptions } from '../../main/engine/api.ts';
import { createEngine } from '../../main/engine/engine.ts';
import type { EnginePorts, Random } from '../../main/engine/ports.ts';
import type { StateDatabase } from '../../main/engine/store/database.ts';
import { goodSurroundings } from '../../main/engine/surroundings.ts';
import { Burst } from '../../main/engine/watch/burst.ts';
import { NodeId } from '../../shared/ids.ts';
import { OWN_FOLDER } from '../../shared/names.ts';
import type { Chance } from './chance.ts';
import { giveBack, restore, type SavedDatabase, save, takeDatabase } from './databases.ts';
import { Disk, type Names } from './disk.ts';
import { Io } from './io.ts';
import type { Network } from './network.ts';
import type { Owner, Scheduler } from './scheduler.ts';
import { simulatedFilesystem } from './simulatedFilesystem.ts';
import { simulatedHasher } from './simulatedHasher.ts';

export const ROOT = '/sync';

export interface DeviceParts {
  readonly name: string;
  readonly names: Names;
  readonly grain: number;
  /** How often a hint of the watcher is lost. */
  readonly deaf: number;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly network: Network;
  readonly trace: (text: () => string) => void;
}

interface Process {
  readonly owner: Owner;
  readonly engine: Engine;
  /** null while it is starting. */
  started: 'running' | EngineError | null;
}

/** A computer: its disk and the engine's database outlive the processes that run on it. */
export class Device {
  readonly name: string;
  readonly disk: Disk;
  readonly #parts: DeviceParts;
  #db: StateDatabase;
  #saved: SavedDatabase | undefined;
  #process: Process | null = null;
  #ids = 0;
  /** What went wrong that should never go wrong. */
  defect: string | null = null;

  constructor(parts: DeviceParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.disk = new Disk(parts.names, () => parts.scheduler.nowNs);
    this.disk.mkdir(ROOT);
    this.disk.syncNames();
    this.#db = takeDatabase();
  }

  /** The engine that runs; null when none does. */
  get engine(): Engine | null {
    return this.#process?.started === 'running' ? this.#process.engine : null;
  }

  /** Why the engine did not start. */
  get refusal(): EngineError | null {
    const started = this.#process?.started;
    return started instanceof EngineError ? started : null;
  }

  get isUp(): boolean {
    return this.#process !== null;
  }

  start(): void {
    if (this.#process && !this.refusal) return;
    const owner: Owner = { alive: true };
    const engine = createEngine(OPTIONS(this.name), this.#ports(owner));
    const process: Process = { owner, engine, started: null };
    this.#process = process;
    const run = async (): Promise<void> => {
      await engine.open();
      await engine.start();
    };
    run().then(
      () => {
        process.started = 'running';
      },
      (error: unknown) => {
        if (error instanceof EngineError) process.started = error;
        else this.defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
      },
    );
  }

  /** The process ends in the middle of whatever it does; disk and database stay as they are. */
  kill(): void {
    if (!this.#process) return;
    this.#process.owner.alive = false;
    this.#process = null;
    this.disk.onChange = null;
  }

  /** The whole computer stops: what was not durable may be lost, in the files as in the database. */
  cutPower(): void {
    this.kill();
    const { chance } = this.#parts;
    this.disk.cutPower(() => chance.fraction());
    if (this.#saved && chance.happens(0.5)) restore(this.#db, this.#saved);
  }

  /** What the database holds now survives a power cut. */
  checkpoint(): void {
    this.#saved = save(this.#db);
  }

  /** The engine's database is lost. */
  forget(): void {
    this.kill();
    giveBack(this.#db);
    this.#db = takeDatabase();
    this.#saved = undefined;
  }

  close(): void {
    this.kill();
    giveBack(this.#db);
  }

  #ports(owner: Owner): EnginePorts {
    const { scheduler, chance, network, grain, name } = this.#parts;
    const io = new Io(scheduler, chance, owner, grain);
    const clock = scheduler.clockOf(owner);
    return {
      clock,
      random: this.#random(),
      fs: simulatedFilesystem(this.disk, io),
      surroundings: goodSurroundings,
      createHasher: () => simulatedHasher(this.disk, io),
      connectServer: () => network.connect(owner, name),
      watchFolder: ({ root, onDirty }) => {
        const burst = new Burst(clock, onDirty);
        this.disk.onChange = (folder) => {
          if (!owner.alive || chance.happens(this.#parts.deaf)) return;
          const inside = folder.slice(root.length + 1);
          if (inside !== OWN_FOLDER && !inside.startsWith(`${OWN_FOLDER}/`)) burst.add(inside);
        };
        return { ready: io.turn(), close: () => Promise.resolve(burst.end()) };
      },
      openState: () => ({ db: this.#db, close: () => undefined }),
    };
  }

  #random(): Random {
    const { scheduler, chance, name } = this.#parts;
    return {
      fraction: () => chance.fraction(),
      nodeId: () => {
        this.#ids += 1;
        const time = scheduler.now.toString(16).padStart(12, '0');
        const count = (this.#ids & 0xfff).toString(16).padStart(3, '0');
        const tail = `${name.charCodeAt(0).toString(16)}${chance.hex(4)}`.padStart(12, '0');
        return NodeId.parse(`${time.slice(0, 8)}-${time.slice(8)}-7${count}-8000-${tail}`);
      },
    };
  }
}

const OPTIONS = (name: string): EngineOptions => ({
  folder: ROOT,
  stateDir: '/state',
  serverUrl: 'http://server',
  token: 'token',
  deviceName: name,
  allowDeletes: false,
  limitUp: null,
  limitDown: null,
  watch: true,
});
