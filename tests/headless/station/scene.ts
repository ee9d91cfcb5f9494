import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Host } from '../../../main/desk/host.ts';
import { createEngine } from '../../../main/engine/engine.ts';
import { type Places, placesFrom } from '../../../main/headless/places.ts';
import { type Given, Station, type StationParts } from '../../../main/headless/station/station.ts';
import { type RunningServer, startServer } from '../../../server/index.ts';
import { Pairing } from '../../../shared/api/devices.ts';
import { paths } from '../../../shared/api/paths.ts';
import type { Answer, CommandName, Input, Outcome } from '../../../shared/desktop/commands.ts';
import type { SetupSlice, Snapshot } from '../../../shared/desktop/snapshot.ts';
import { calm } from '../../app/snapshot.ts';

export function home(): { home: string; places: Places } {
  const made = mkdtempSync(join(tmpdir(), 'station-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return { home: made, places: placesFrom({}, made) };
}

/** A server with one user; `url`, and what lets a device in. */
export interface Elsewhere {
  readonly server: RunningServer;
  readonly url: string;
  readonly token: string;
  code(): Promise<string>;
  setPassword(password: string): Promise<void>;
  /** Names of the devices that the user has. */
  devices(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Names of all files. */
  names(): Promise<readonly string[]>;
  as<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export async function elsewhere(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<Elsewhere> {
  const { home: folder } = home();
  const server = await startServer({ data: join(folder, 'server'), port: 0, logLevel: 'silent', ...more });
  onTestFinished(() => server.close());
  const { token } = await server.addUser('ann');
  const as = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, server.url), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  return {
    ...{ server, url: server.url, token, as },
    code: async () => Pairing.parse(await as('POST', paths.pairings, {})).code,
    setPassword: async (password) => void (await as('PUT', paths.password, { current: null, password })),
    devices: async () => (await as<{ devices: { id: string; name: string }[] }>('GET', paths.devices)).devices,
    names: async () =>
      (await as<{ nodes: { name: string; kind: string }[] }>('GET', `${paths.nodes}?limit=100`)).nodes
        .filter(({ kind }) => kind === 'file')
        .map(({ name }) => name)
        .sort(),
  };
}

export interface Stand {
  readonly station: Station;
  readonly own: Elsewhere;
  readonly setup: () => SetupSlice;
  readonly snapshot: () => Snapshot;
  ask<C extends CommandName>(command: C, input: Input<C>): Promise<Outcome<Answer<C>>>;
  /** Both sides agree. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface StandOptions extends Partial<Pick<StationParts, 'waitsForPerson' | 'clerk' | 'clerkQuietly'>> {
  readonly places: Places;
  /** Stands for the server of this computer. */
  readonly own: Elsewhere;
  readonly given?: Given;
  readonly chooseFolder?: Host['chooseFolder'];
}

export async function stand({ places, own, given = {}, chooseFolder = null, ...more }: StandOptions): Promise<Stand> {
  const host: Host = {
    ...{ slice: calm().host, openFile: null, showFile: null, copyFiles: null, chooseFolder, showLogs: null },
    onSettings: () => undefined,
  };
  const station = new Station({
    ...{
      places,
      given,
      loadEngine: async () => createEngine,
      host,
      clerk: more.clerk ?? null,
      waitsForPerson: more.waitsForPerson ?? false,
    },
    ...(more.clerkQuietly && { clerkQuietly: more.clerkQuietly }),
    ownServer: { start: async () => ({ url: own.url, token: own.token }), stop: async () => {} },
    opened: () => () => {},
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await station.close();
    closed = true;
  };
  onTestFinished(close);
  await station.begin();
  const snapshot = (): Snapshot => station.front.snapshot().snapshot;
  return {
    ...{ station, own, snapshot, close },
    setup: () => snapshot().setup,
    ask: async (command, input) => (await station.front.ask(command, input)) as never,
    async settled() {
      const engine = station.session?.engine;
      if (!engine) throw new Error('Nothing runs.');
      await engine.settled(engine.syncNow());
    },
  };
}

/** Names of the files that a person has in a folder. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
