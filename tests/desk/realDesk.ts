import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Desk, openDesk } from '../../main/desk/desk.ts';
import type { Host } from '../../main/desk/host.ts';
import type { EngineOptions } from '../../main/engine/api.ts';
import { createEngine } from '../../main/engine/engine.ts';
import { realTimes } from '../../main/headless/progress.ts';
import { openSession, type Session } from '../../main/headless/session.ts';
import { startServer } from '../../server/index.ts';
import type { Answer, CommandName, Input, Outcome } from '../../shared/desktop/commands.ts';
import type { LibraryItem, LibraryQuery } from '../../shared/desktop/library.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { calm } from '../app/snapshot.ts';

export interface RealDesk {
  readonly folder: string;
  readonly stateDir: string;
  readonly session: Session;
  readonly desk: Desk;
  readonly serverUrl: string;
  snapshot(): Snapshot;
  ask<C extends CommandName>(command: C, input: Input<C>): Promise<Outcome<Answer<C>>>;
  /** The value of what must not be refused. */
  get<C extends CommandName>(command: C, input: Input<C>): Promise<Answer<C>>;
  items(query?: Partial<LibraryQuery>): Promise<readonly LibraryItem[]>;
  item(name: string): Promise<LibraryItem>;
  names(query?: Partial<LibraryQuery>): Promise<readonly string[]>;
  /** Everything is in sync, and the library shows it. */
  settled(): Promise<void>;
}

export interface RealDeskOptions {
  readonly host?: Partial<Host>;
  /** Of another desk, whose user this one is a second device of. */
  readonly beside?: { readonly serverUrl: string; readonly token: string };
  readonly device?: string;
}

const ALL: LibraryQuery = {
  place: { kind: 'all' },
  search: '',
  tags: [],
  favourites: false,
  sort: 'name',
  descending: false,
};

/** A server, an engine and a desk, all real, with a folder of their own. */
export async function realDesk(given: RealDeskOptions = {}): Promise<RealDesk & { readonly token: string }> {
  const home = mkdtempSync(join(tmpdir(), 'desk-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { serverUrl, token } = given.beside ?? (await newServer(home));
  const folder = join(home, 'folder');
  mkdirSync(folder);
  const options: EngineOptions = {
    ...{ folder, stateDir: join(home, 'state'), serverUrl, token, deviceName: given.device ?? 'Studio' },
    ...{ allowDeletes: false, limitUp: null, limitDown: null, watch: true },
  };
  const host: Host = {
    slice: calm().host,
    openFile: null,
    showFile: null,
    copyFiles: null,
    chooseFolder: null,
    showLogs: null,
    onSettings: () => undefined,
    ...given.host,
  };
  const opened = Promise.withResolvers<Desk>();
  const session = openSession(options, createEngine, realTimes, (open) =>
    opened.resolve(openDesk({ session: open, options, host, ownServer: true, shortPath: (path) => path })),
  );
  await session.start();
  const desk = await opened.promise;
  onTestFinished(async () => {
    desk.close();
    await session.stop();
  });

  const ask: RealDesk['ask'] = async (command, input) =>
    (await desk.ask(command, input)) as Awaited<ReturnType<RealDesk['ask']>> as never;
  const get: RealDesk['get'] = async (command, input) => {
    const outcome = await ask(command, input);
    if (!outcome.ok) throw new Error(`${command}: ${outcome.message}`);
    return outcome.value;
  };
  const items: RealDesk['items'] = async (query = {}) => {
    const view = await get('library.open', { ...ALL, ...query });
    const rows = await get('library.rows', { view: view.id, from: 0, to: 1_000 });
    await get('library.close', { view: view.id });
    return rows;
  };
  return {
    ...{ folder, stateDir: options.stateDir, session, desk, serverUrl, token, ask, get, items },
    snapshot: () => desk.snapshot().snapshot,
    names: async (query) => (await items(query)).map(({ name }) => name),
    async item(name) {
      const found = (await items()).find((item) => item.name === name);
      if (!found) throw new Error(`No item is called ${name}.`);
      return found;
    },
    async settled() {
      await session.engine.settled(session.engine.syncNow());
      await expect.poll(() => desk.library.settled, { timeout: 10_000 }).toBe(true);
    },
  };
}

async function newServer(home: string): Promise<{ serverUrl: string; token: string }> {
  const server = await startServer({ data: join(home, 'server'), port: 0, logLevel: 'silent' });
  onTestFinished(() => server.close());
  const { token } = await server.addUser('ann');
  return { serverUrl: server.url, token };
}
