import { readdirSync, realpathSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, relative, resolve } from 'node:path';
import type { EnrolledDevice } from '../../shared/api/devices.ts';
import { parseBytes } from '../../shared/bytes.ts';
import type { EngineOptions } from '../engine/api.ts';
import type { PauseChoices } from '../engine/goodTime.ts';
import { Fault } from './fault.ts';
import { type Places, stateDirFor } from './places.ts';

/** The flags of `sync` as commander hands them over; each may have come from the environment. */
export interface SyncFlags {
  readonly folder?: string;
  readonly server?: string;
  readonly token?: string;
  /** Enrolled already, so that no token is needed. */
  readonly device?: EnrolledDevice;
  readonly state?: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly allowDeletes?: boolean;
  readonly limitUp?: string;
  readonly limitDown?: string;
  readonly pauseOnBattery?: boolean;
  readonly pauseOnMetered?: boolean;
}

/** Checks every flag against the world. Throws Fault, one sentence, for the first that will not do. */
export function engineOptions(flags: SyncFlags, places: Places): EngineOptions {
  const folder = existingFolder(flags.folder);
  const stateDir = flags.state === undefined ? stateDirFor(folder, places) : resolve(flags.state);
  if (isInside(stateDir, folder)) {
    throw new Fault(`The state folder ${stateDir} lies inside the synced folder: choose one outside it with --state.`);
  }
  return {
    folder,
    stateDir,
    serverUrl: serverAddress(flags.server),
    ...(flags.device ? { token: '', device: flags.device } : { token: tokenOrEnrolled(flags.token, stateDir) }),
    deviceName: deviceName(),
    allowDeletes: flags.allowDeletes ?? false,
    limitUp: rate(flags.limitUp, '--limit-up'),
    limitDown: rate(flags.limitDown, '--limit-down'),
    watch: !(flags.once ?? false),
  };
}

export const pauseChoices = ({ pauseOnBattery = false, pauseOnMetered = false }: SyncFlags): PauseChoices => ({
  onBattery: pauseOnBattery,
  onMetered: pauseOnMetered,
});

/** What this computer calls itself on other devices. */
export const deviceName = (): string => hostname().slice(0, 100) || 'This computer';

/** The address as `scheme://host:port`. Throws Fault when it is not one, or would send the token in the clear. */
export function serverAddress(text: string | undefined): string {
  if (text === undefined || text === '') {
    throw new Fault('No server was given: pass its address with --server http://127.0.0.1:3007 or DRIFTLESS_SERVER.');
  }
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new Fault(`The server address “${text}” is not one: write it like https://sync.example.org.`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new Fault(`The server address “${text}” says too much: give only ${url.protocol}//${url.host}.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Fault(`Plain http would send your files in the clear to ${url.hostname}: use https://${url.host}.`);
  }
  return url.origin;
}

function existingFolder(given: string | undefined): string {
  if (given === undefined || given === '') {
    throw new Fault('No folder was given: name the one to keep in sync with --folder DIR or DRIFTLESS_FOLDER.');
  }
  const folder = resolve(given);
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new Fault(`The folder ${folder} does not exist: make it, or name another with --folder.`);
  if (!stat.isDirectory()) throw new Fault(`${folder} is not a folder: name the folder to keep in sync with --folder.`);
  return realpathSync(folder);
}

/** Without a token a device that has enrolled before goes on with its own secret; a new one cannot begin. */
function tokenOrEnrolled(token: string | undefined, stateDir: string): string {
  if (token !== undefined && token.trim() !== '') return token.trim();
  if (listed(stateDir).length > 0) return '';
  throw new Fault(
    'No token was given: make one with “driftless-server users add NAME” and pass it with --token or DRIFTLESS_TOKEN.',
  );
}

function rate(text: string | undefined, flag: string): number | null {
  if (text === undefined || text === '') return null;
  const bytes = parseBytes(text);
  if (bytes === undefined || bytes < 1) {
    throw new Fault(`${flag} “${text}” is not a speed: write bytes a second like 500K or 5M.`);
  }
  return bytes;
}

function listed(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

export function isInside(inner: string, outer: string): boolean {
  const path = relative(outer, inner);
  return path === '' || !(path === '..' || path.startsWith('../') || path.startsWith('..\\') || isAbsolute(path));
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
