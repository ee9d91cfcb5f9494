import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll } from 'vitest';
import { databaseFile } from '../../../server/dataFolder.ts';
import { type RunningServer, startServer } from '../../../server/index.ts';
import { OldClient } from '../compat/scene.ts';
import { Client } from '../harness.ts';
import { SERVER_PROGRAM } from '../program.ts';

export interface Ended {
  readonly code: number;
  /** Both outputs. */
  readonly said: string;
}

/** One server for all tests of a file, with the administrator ada; each test makes users of its own. */
export class Shared {
  readonly data: string;
  readonly server: RunningServer;
  /** The administrator's. */
  readonly token: string;
  readonly ada: OldClient;
  #users = 0;

  constructor(data: string, server: RunningServer, token: string) {
    this.data = data;
    this.server = server;
    this.token = token;
    this.ada = new OldClient(new Client(server.url, token));
  }

  async user(plan = 'free') {
    this.#users += 1;
    const name = `user${this.#users}@example.com`;
    const { id, token } = await this.server.addUser(name, plan);
    const client = new Client(this.server.url, token);
    return { id, name, token, client, old: new OldClient(client) };
  }

  /** The database, as a person with a shell sees it beside the running server. */
  sql<T>(work: (db: Sqlite.Database) => T): T {
    const db = new Sqlite(databaseFile(this.data), { timeout: 5_000 });
    try {
      db.pragma('foreign_keys = on');
      return work(db);
    } finally {
      db.close();
    }
  }

  /** A command of `driftless-server` beside the running one. */
  command(...args: readonly string[]): Promise<Ended> {
    return driftlessServer([...args, '--data', this.data]);
  }
}

export const driftlessServer = (
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [SERVER_PROGRAM, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });

/** Call it once, at the top of a file; what it returns is the server while the tests run. */
export function sharedServer(options: Partial<Parameters<typeof startServer>[0]> = {}): () => Shared {
  let shared: Shared | undefined;
  beforeAll(async () => {
    const data = await mkdtemp(join(tmpdir(), 'driftless-promises-'));
    const server = await startServer({ port: 0, ...options, data });
    const { token } = await server.addUser('ada');
    shared = new Shared(data, server, token);
    shared.sql((db) => db.exec(`update users set role = 'admin' where name = 'ada'`));
  });
  afterAll(async () => {
    await shared?.server.close();
    if (shared) await rm(shared.data, { recursive: true, force: true });
  });
  return () => {
    if (!shared) throw new Error('the server is there only while tests run');
    return shared;
  };
}
