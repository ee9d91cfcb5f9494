import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EnrolledDevice } from '../../../shared/api/devices.ts';
import type { SetupSlice } from '../../../shared/desktop/snapshot.ts';
import { type Desk, openDesk } from '../../desk/desk.ts';
import { Front } from '../../desk/front.ts';
import type { Parsed } from '../../desk/handlers.ts';
import type { Host } from '../../desk/host.ts';
import type { Household } from '../../desk/household.ts';
import { MESSAGES, Refusal } from '../../desk/messages.ts';
import { EngineError, type EngineOptions } from '../../engine/api.ts';
import { giveBack, prove, signInMethods } from '../../engine/enrolment.ts';
import { ServerFailure } from '../../engine/transfer/failure.ts';
import { type Places, shortPath, stateDirFor } from '../places.ts';
import { realTimes } from '../progress.ts';
import { type CreateEngine, openSession, type Session } from '../session.ts';
import { deviceName, engineOptions } from '../syncOptions.ts';
import { readFolder, readTruth, type Truth, writeFolder, writeTruth } from './choice.ts';
import { type ClerkSignIn, enter, waysInto } from './entrance.ts';
import { refusalOf } from './refusals.ts';

/** What was said when the program was started. */
export interface Given {
  readonly folder?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
}

/** The server of this computer. Both may be called again. */
export interface OwnServer {
  start(): Promise<{ readonly url: string; readonly token: string }>;
  stop(): Promise<void>;
}

export interface Shown {
  readonly session: Session;
  readonly options: EngineOptions;
  /** Its server is the one of this computer. */
  readonly own: boolean;
  /** null: the library cannot be read; sync goes on without it. */
  readonly desk: Desk | null;
}

export interface StationParts {
  readonly places: Places;
  readonly given: Given;
  readonly loadEngine: () => Promise<CreateEngine>;
  readonly ownServer: OwnServer;
  readonly host: Host;
  readonly clerk: ClerkSignIn | null;
  /** A token of who is still known to Clerk, without anybody looking; null: nobody is. Left out: this host cannot tell. */
  readonly clerkQuietly?: (publishableKey: string) => Promise<string | null>;
  /** Nothing is synced before a person has chosen, where nothing was said and nothing was ever synced. */
  readonly waitsForPerson: boolean;
  /** A session can be looked at; returns what is to be done before it ends. */
  opened(shown: Shown): () => void;
}

interface Running extends Shown {
  readonly truth: Exclude<Truth, { kind: 'signed-out' }>;
  readonly leave: () => void;
}

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

const ASKED_AT_START: Pick<SetupSlice, 'message' | 'server' | 'signInPage'> = {
  ...{ message: null, server: null, signInPage: null },
};

/**
 * Decides which folder is synced with which server, as its person says, and runs one session after the other. Whatever is
 * changed here, files stay: a session ends, and the next one offers what lies in the folder to its server.
 */
export class Station {
  readonly front: Front;
  readonly #parts: StationParts;
  #folder: string;
  #setup: SetupSlice;
  #running: Running | null = null;
  #busy = false;
  #waiting = new AbortController();
  #proveAgain: string | null = null;
  readonly #daily = setInterval(() => void this.proveAgain(), DAY_MS).unref();

  constructor(parts: StationParts) {
    this.#parts = parts;
    const { given, places } = parts;
    this.#folder = folderToSync(given, places);
    const needed = !this.#isSaid && readTruth(this.#stateDir) === null;
    this.#setup = { ...ASKED_AT_START, needed, folder: shortPath(this.#folder) };
    this.front = new Front({ host: () => parts.host.slice, household: this.#household() });
  }

  get folder(): string {
    return this.#folder;
  }

  /** The session that runs; null: a person has to choose first. */
  get session(): Session | null {
    return this.#running?.session ?? null;
  }

  /** Begins with what is known. Throws Fault and EngineError for what was said at the start and will not do. */
  async begin(): Promise<void> {
    const { given, waitsForPerson } = this.#parts;
    const wasSynced = existsSync(join(this.#stateDir, 'state.db'));
    if (waitsForPerson && this.#setup.needed && !wasSynced) return;
    const truth = this.#truth;
    if (truth.kind === 'signed-out') return this.#ask(truth.url, MESSAGES.signedOut);
    try {
      await this.#open(truth, given.token ?? '', null);
      void this.proveAgain();
    } catch (error) {
      const lost = error instanceof EngineError && error.code === 'token-refused';
      if (truth.kind === 'own' || !lost || given.token !== undefined) throw error;
      this.#ask(truth.url, MESSAGES.signInAgain);
    }
  }

  /** A page on which the person is to sign in; null: none any more. */
  signInPage(address: string | null): void {
    this.#change({ signInPage: address });
  }

  /**
   * Once a week somebody signed in with Clerk shows that Clerk knows them still. It keeps nothing from being synced: where
   * Clerk cannot be reached it is asked again the next day, and where a person is needed they are told, no more.
   */
  async proveAgain(now = Date.now()): Promise<void> {
    const running = this.#running;
    const truth = running?.truth;
    if (truth?.kind !== 'elsewhere' || truth.clerkSince === null || now - truth.clerkSince < WEEK_MS) return;
    const proved = await this.#provedQuietly(truth.url);
    if (proved === 'unknown' || this.#running !== running) return;
    this.#proveAgain = proved === 'no' ? MESSAGES.proveAgain : null;
    if (proved === 'yes') {
      const renewed = { ...truth, clerkSince: now };
      writeTruth(this.#stateDir, renewed);
      this.#running = { ...running, truth: renewed } as Running;
    }
    this.front.due();
  }

  async #provedQuietly(url: string): Promise<'yes' | 'no' | 'unknown'> {
    const { clerkQuietly } = this.#parts;
    if (!clerkQuietly) return 'no';
    try {
      const key = (await signInMethods(url))?.clerk?.publishableKey;
      const token = key === undefined ? null : await clerkQuietly(key);
      if (token === null) return 'no';
      await prove(url, token);
      return 'yes';
    } catch (error) {
      return error instanceof ServerFailure && error.reason.kind === 'unauthenticated' ? 'no' : 'unknown';
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#daily);
    this.#waiting.abort();
    await this.#end();
    await this.#parts.ownServer.stop();
  }

  /** Something was said at the start, so nothing is asked. */
  get #isSaid(): boolean {
    const { folder, server } = this.#parts.given;
    return folder !== undefined || server !== undefined;
  }

  get #stateDir(): string {
    return stateDirFor(this.#folder, this.#parts.places);
  }

  get #truth(): Truth {
    const { server } = this.#parts.given;
    const stored = readTruth(this.#stateDir);
    if (server === undefined) return stored ?? { kind: 'own' };
    return stored?.kind === 'elsewhere' && stored.url === server
      ? stored
      : { kind: 'elsewhere', url: server, clerkSince: null };
  }

  #household(): Household {
    const station = this;
    return {
      get setup() {
        return station.#setup;
      },
      get signInAgain() {
        return station.#proveAgain;
      },
      commands: {
        'setup.chooseFolder': () => this.#alone(() => this.#chooseFolder()),
        'setup.ways': async ({ address }) => {
          const { methods, clerk } = await waysInto(address);
          return {
            code: methods.includes('pairing'),
            password: methods.includes('password'),
            clerk: clerk !== null && this.#parts.clerk !== null,
          };
        },
        'setup.begin': async ({ server }) => {
          await this.#alone(() => this.#choose(server));
          return null;
        },
        'setup.leave': () => {
          this.#waiting.abort();
          return null;
        },
        'account.signOut': async () => {
          await this.#alone(() => this.#signOut());
          return null;
        },
      },
    };
  }

  /** One change at a time: two at once would each end the other’s session. */
  async #alone<T>(change: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Refusal('refused', MESSAGES.oneAtATime);
    this.#busy = true;
    this.#waiting = new AbortController();
    try {
      return await change();
    } finally {
      this.#busy = false;
    }
  }

  async #choose(server: Parsed<'setup.begin'>['server']): Promise<void> {
    if (server.kind === 'own') return this.#chooseOwn();
    const { url, device } = await enter(server, {
      deviceName: deviceName(),
      clerk: this.#parts.clerk,
      signal: this.#waiting.signal,
    });
    const before = this.#running;
    const known = before?.session.engine.device() ?? null;
    if (known && known.serverId === device.serverId && known.userId !== device.userId) {
      await giveBack(url, device);
      throw new Refusal('failed', MESSAGES.otherAccount);
    }
    const clerkSince = server.kind === 'clerk' ? Date.now() : null;
    await this.#replace({ kind: 'elsewhere', url, clerkSince }, device, url);
    if (known && before?.truth.kind === 'elsewhere') await giveBack(before.truth.url, known);
    await this.#parts.ownServer.stop();
  }

  async #chooseOwn(): Promise<void> {
    const truth = { kind: 'own' } as const;
    if (this.#running?.truth.kind === 'own') return this.#chosen(truth);
    await this.#replace(truth, null, 'this computer');
  }

  async #replace(truth: Running['truth'], device: EnrolledDevice | null, server: string): Promise<void> {
    await this.#end();
    try {
      await this.#open(truth, '', device);
    } catch (error) {
      const refusal = refusalOf(error, server);
      this.#ask(null, refusal instanceof Refusal ? refusal.message : MESSAGES.failed);
      throw refusal;
    }
    this.#chosen(truth);
  }

  #chosen(truth: Truth): void {
    const { places } = this.#parts;
    writeTruth(this.#stateDir, truth);
    if (this.#folder !== places.folder || readFolder(places) !== null) writeFolder(places, this.#folder);
    this.#proveAgain = null;
    this.#setup = { ...ASKED_AT_START, needed: false, folder: shortPath(this.#folder) };
    this.front.due();
  }

  async #signOut(): Promise<void> {
    const running = this.#running;
    if (running?.truth.kind !== 'elsewhere') throw new Refusal('refused', MESSAGES.ownAccount);
    const { url } = running.truth;
    const told = await running.session.engine.signOut();
    await this.#end();
    writeTruth(this.#stateDir, { kind: 'signed-out', url });
    this.#ask(url, told ? MESSAGES.signedOut : MESSAGES.signedOutUntold);
  }

  /** Another folder; where a session runs it goes on there, as the same device. */
  async #chooseFolder(): Promise<string | null> {
    const { chooseFolder } = this.#parts.host;
    if (chooseFolder === null) throw new Refusal('failed', MESSAGES.folderChosenAtStart);
    const chosen = await chooseFolder();
    if (chosen === null || chosen === this.#folder) return chosen && shortPath(chosen);
    const before = { folder: this.#folder, running: this.#running };
    const device = before.running?.session.engine.device() ?? null;
    this.#folder = chosen;
    this.#change({ folder: shortPath(chosen) });
    if (before.running === null) return shortPath(chosen);
    const { truth } = before.running;
    await this.#end();
    try {
      await this.#open(truth, '', truth.kind === 'own' ? null : device);
      this.#chosen(truth);
    } catch (error) {
      this.#folder = before.folder;
      this.#change({ folder: shortPath(before.folder) });
      await this.#open(truth, '', null);
      throw refusalOf(error, chosen);
    }
    return shortPath(chosen);
  }

  /** Throws Fault and EngineError; then nothing runs. */
  async #open(truth: Running['truth'], token: string, device: EnrolledDevice | null): Promise<void> {
    const { places, ownServer, loadEngine } = this.#parts;
    if (this.#folder === places.folder) mkdirSync(this.#folder, { recursive: true });
    const [own, createEngine] = await Promise.all([truth.kind === 'own' ? ownServer.start() : null, loadEngine()]);
    const at = { folder: this.#folder, server: own?.url ?? (truth as { url: string }).url, token: own?.token ?? token };
    const options = engineOptions({ ...at, ...(device && { device }) }, places);
    const session = openSession(options, createEngine, realTimes, (opened) => this.#show(opened, options, truth));
    try {
      await session.start();
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  #show(session: Session, options: EngineOptions, truth: Running['truth']): void {
    const { host } = this.#parts;
    const own = truth.kind === 'own';
    const desk = deskOf(() => openDesk({ session, options, host, ownServer: own, shortPath }));
    const shown = { session, options, own, desk };
    // Before anybody is let in, so that nobody sees an empty library first.
    this.front.stand(desk);
    this.#running = { ...shown, truth, leave: this.#parts.opened(shown) };
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.front.stand(null);
    running.leave();
    running.desk?.close();
    await running.session.stop();
  }

  /** The person has to say who they are. */
  #ask(server: string | null, message: string): void {
    this.#change({ needed: true, server, message });
  }

  #change(setup: Partial<SetupSlice>): void {
    this.#setup = { ...this.#setup, ...setup };
    this.front.due();
  }
}

/** What was said now, or chosen earlier, or ~/Driftless. */
export const folderToSync = ({ folder }: Given, places: Places): string =>
  folder === undefined ? (readFolder(places) ?? places.folder) : resolve(folder);

/** A library that cannot be read keeps nothing from being synced. */
function deskOf(open: () => Desk): Desk | null {
  try {
    return open();
  } catch {
    return null;
  }
}
