import { join } from 'node:path';
import { safeStorage } from 'electron';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import { Fault } from '../headless/fault.ts';
import { type Home, prepareHome } from '../headless/home.ts';
import type { Places } from '../headless/places.ts';
import { folderToSync } from '../headless/station/station.ts';
import type { AuthWindow } from './auth/authWindow.ts';
import { type EngineHost, hostEngine } from './engineHost.ts';
import type { FavourAnswers } from './engineMessages.ts';
import { doFavours } from './favours.ts';
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
  /** Where a person signs in with Clerk. */
  readonly auth: AuthWindow;
  /** Nothing here keeps secrets. */
  onKeptOpenly(): void;
}

/** An engine or server that hangs does not keep the app open for longer, in ms. */
const STOP_MS = 15_000;

/** The engine, and the server where it is this computer's own: processes of the app's kind. */
export class Programs {
  readonly #options: ProgramsOptions;
  #folder: string;
  #engine: EngineHost | null = null;
  #server: ServerHost | null = null;
  #home: Promise<Home> | null = null;
  #onBattery = false;

  constructor(options: ProgramsOptions) {
    this.#options = options;
    this.#folder = folderToSync({ folder: options.env.DRIFTLESS_FOLDER }, options.places);
  }

  /** Absolute: the folder that is kept the same, as it was said or chosen. */
  get folder(): string {
    return this.#folder;
  }

  /** null until it has been started for the first time. */
  get engine(): EngineHost | null {
    return this.#engine;
  }

  async start(): Promise<void> {
    const { bundles, places, env, onTrouble } = this.#options;
    const { DRIFTLESS_FOLDER: folder, DRIFTLESS_SERVER: server, DRIFTLESS_TOKEN: token } = env;
    const key = await deviceKey(safeStorage, join(places.states, 'device.key'), process.platform);
    if (key === null) this.#options.onKeptOpenly();
    this.#engine = hostEngine({
      bundle: join(bundles, 'engineProcess.js'),
      ...{ given: { folder, server, token }, key },
      onTold: this.#options.onTold,
      onSettings: this.#options.onSettings,
      onFolder: (chosen) => {
        this.#folder = chosen;
      },
      onFavour: doFavours({
        'start-server': () => this.#startServer(),
        'stop-server': () => this.#stopServer(),
        'sign-in': (asked) => this.#options.auth.signIn(asked),
        'leave-sign-in': async () => {
          this.#options.auth.leave();
          return true;
        },
      }),
      onTrouble: (engine) => onTrouble({ engine }),
    });
    this.#engine.onBattery(this.#onBattery);
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

  /** An engine that was started again finds its server running. */
  async #startServer(): Promise<FavourAnswers['start-server']> {
    const { bundles, places, onTrouble } = this.#options;
    const bundle = join(bundles, 'driftless-server.js');
    try {
      this.#home ??= prepareHome(places, serverCommands(bundle));
      const { port, token } = await this.#home;
      this.#server ??= hostServer({
        bundle,
        mediaBundle: join(bundles, 'mediaWorker.js'),
        dataDir: places.serverData,
        port,
        onTrouble: (server) => onTrouble({ server }),
      });
      // A device that nobody knows yet cannot begin without its server.
      await this.#server.settled;
      return { url: `http://127.0.0.1:${port}`, token };
    } catch (error) {
      this.#home = null;
      if (error instanceof Fault) return { fault: error.message };
      throw error;
    }
  }

  async #stopServer(): Promise<boolean> {
    const stopping = this.#server;
    this.#server = null;
    this.#home = null;
    await stopping?.stop();
    return true;
  }
}
