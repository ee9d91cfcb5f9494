import { join } from 'node:path';
import { z } from 'zod';
import { type Ended, Program, run } from './program.ts';
import { readTree, type Tree } from './tree.ts';

const AddedUser = z.object({ id: z.string(), name: z.string(), token: z.string() });
export type Account = z.infer<typeof AddedUser>;

/** A server of its own on 127.0.0.1 over one data folder; may be killed and started again. */
export class DriftlessServer {
  readonly data: string;
  #port = 0;
  #program: Program | undefined;

  constructor(data: string) {
    this.data = data;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get program(): Program {
    if (this.#program === undefined) throw new Error('the server has not been started');
    return this.#program;
  }

  /** Serves; after the first time on the port it had before. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#program = new Program('driftless-server', ['--data', this.data, '--port', String(this.#port)], env);
    const listening = await this.#program.prints(/listening on http:\/\/[^\s:]+:(\d+)/);
    this.#port = Number(listening[1]);
  }

  kill(): Promise<void> {
    return this.program.kill();
  }

  terminate(): Promise<Ended> {
    return this.program.terminate();
  }

  async close(): Promise<void> {
    if (this.#program !== undefined && !this.#program.finished) await this.#program.kill();
  }

  /** An admin command on this server's data, beside the serving process. */
  admin(...args: readonly string[]): Promise<Ended> {
    return run('driftless-server', [...args, '--data', this.data]);
  }

  async addUser(name: string, plan = 'platinum'): Promise<Account> {
    const ended = await this.admin('users', 'add', name, '--plan', plan, '--json');
    if (ended.code !== 0) throw new Error(`users add: ${ended.stderr}${ended.stdout}`);
    return AddedUser.parse(JSON.parse(ended.stdout));
  }

  /** What lies in the user's own directory, as an administrator sees it. */
  storedFiles(account: Account): Tree {
    return readTree(join(this.data, 'users', account.id));
  }
}
