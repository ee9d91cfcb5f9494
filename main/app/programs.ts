import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { safeStorage } from 'electron';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import { Fault } from '../headless/fault.ts';
import { prepareHome } from '../headless/home.ts';
import type { Places } from '../headless/places.ts';
import { engineOptions } from '../headless/syncOptions.ts';
import { type EngineHost, hostEngine } from './engineHost.ts';
import { doFavour } from './favours.ts';
import { deviceKey } from './secrets.ts';
import { hostServer, type ServerHost, serverCommands } from './serverHost.ts';
import type { Trouble } from './standing.ts';

export interface ProgramsOptions {
  /** Absolute path of the folder with the built programs. */
  readonly bundles: string;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  onTold(message: NumberedSnapshot | Delta): void;
  onSettings(settings: Settings): void;
  onTrouble(change: { readonly engine?: Trouble | null; readonly server?: Trouble | null }): void;
  /** Nothing here keeps secrets. */
  onKeptOpenly(): void;
}

/** An engine or server that hangs does not keep the app open for longer, in ms. */
const STOP_MS = 15_000;

/** The engine, and the server where it is this computer's own: processes of the app's kind, started in this order. */
export class Programs {
  readonly folder: string;
  readonly #options: ProgramsOptions;
  #engine: EngineHost | null = null;
  #server: ServerHost | null = null;
  #onBattery = false;

  constructor(options: ProgramsOptions) {
    const { DRIFTLESS_FOLDER } = options.env;
    this.#options = options;
    this.folder = DRIFTLESS_FOLDER === undefined ? options.places.folder : resolve(DRIFTLESS_FOLDER);
  }

  /** null until it has been started for the first time. */
  get engine(): EngineHost | null {
    return this.#engine;
  }

  /** What a person must mend first is told as a trouble. */
  async start(): Promise<void> {
    const { bundles, places, env, onTrouble } = this.#options;
    const { DRIFTLESS_SERVER, DRIFTLESS_TOKEN } = env;
    try {
      if (this.folder === places.folder) mkdirSync(this.folder, { recursive: true });
      const { server, token } =
        DRIFTLESS_SERVER === undefined ? await this.#ownServer() : { server: DRIFTLESS_SERVER, token: DRIFTLESS_TOKEN };
      const flags = { folder: this.folder, server, ...(token !== undefined && { token }) };
      const options = engineOptions(flags, places);
      const key = await deviceKey(safeStorage, join(places.states, 'device.key'), process.platform);
      if (key === null) this.#options.onKeptOpenly();
      this.#engine = hostEngine({
        bundle: join(bundles, 'engineProcess.js'),
        ...{ options, key },
        ownServer: DRIFTLESS_SERVER === undefined,
        onTold: this.#options.onTold,
        onSettings: this.#options.onSettings,
        onFavour: doFavour,
        onTrouble: (engine) => onTrouble({ engine }),
      });
      this.#engine.onBattery(this.#onBattery);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      onTrouble({ engine: { sentence: error.message, givenUp: false } });
    }
  }

  /** What was given up, or had to wait for a person. */
  startAgain(): void {
    this.#server?.startAgain();
    if (this.#engine !== null) this.#engine.startAgain();
    else void this.start();
  }

  onBattery(on: boolean): void {
    this.#onBattery = on;
    this.#engine?.onBattery(on);
  }

  /** The engine first: it may still have something to tell the server. */
  async stop(): Promise<void> {
    const stopped = (async () => {
      await this.#engine?.stop();
      await this.#server?.stop();
    })();
    await Promise.race([stopped, new Promise((late) => setTimeout(late, STOP_MS))]);
  }

  async #ownServer(): Promise<{ readonly server: string; readonly token: string }> {
    const { bundles, places, onTrouble } = this.#options;
    const bundle = join(bundles, 'driftless-server.js');
    const { port, token } = await prepareHome(places, serverCommands(bundle));
    this.#server ??= hostServer({
      bundle,
      mediaBundle: join(bundles, 'mediaWorker.js'),
      dataDir: places.serverData,
      port,
      onTrouble: (server) => onTrouble({ server }),
    });
    // A device that nobody knows yet cannot begin without its server.
    await this.#server.settled;
    return { server: `http://127.0.0.1:${port}`, token };
  }
}
