import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

const LONGEST_MS = 30_000;

/**
 * Asks PostgreSQL while the calling thread waits, as better-sqlite3 does with SQLite: so a test that changes rows by hand
 * reads the same for both.
 */
export class Asking {
  readonly #worker: Worker;
  readonly #port: MessageChannel['port1'];
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));

  constructor(url: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(new URL('./askingWorker.ts', import.meta.url), {
      workerData: { url, port: port2, signal: this.#signal },
      transferList: [port2],
      execArgv: ['--no-warnings'],
    });
    this.#worker.unref();
  }

  prepare(text: string): AskingStatement {
    return new AskingStatement((values, raw) => this.#ask(text, values, raw));
  }

  exec(text: string): void {
    this.#ask(text, [], false);
  }

  /** SQLite's own settings; the one that tests need of them. */
  pragma(text: string): void {
    if (text === 'foreign_keys = off') this.exec(WITHOUT_FOREIGN_KEYS);
  }

  close(): void {
    this.#port.postMessage('close');
    this.#port.close();
  }

  #ask(text: string, values: readonly unknown[], raw: boolean): unknown[] {
    let n = 0;
    const numbered = values.length === 0 ? text : text.replaceAll('?', () => `$${++n}`);
    Atomics.store(this.#signal, 0, 0);
    this.#port.postMessage({ text: numbered, values, raw });
    Atomics.wait(this.#signal, 0, 0, LONGEST_MS);
    const answer = receiveMessageOnPort(this.#port)?.message as { rows: unknown[] } | { error: string } | undefined;
    if (answer === undefined) throw new Error(`PostgreSQL has not answered: ${text}`);
    if ('error' in answer) throw new Error(answer.error);
    return answer.rows;
  }
}

const WITHOUT_FOREIGN_KEYS = `do $$ declare each record; begin
  for each in select conrelid::regclass as of, conname from pg_constraint where contype = 'f' loop
    execute format('alter table %s drop constraint %I', each.of, each.conname);
  end loop;
end $$`;

class AskingStatement {
  readonly #ask: (values: readonly unknown[], raw: boolean) => unknown[];
  #form: 'rows' | 'raw' | 'first' = 'rows';

  constructor(ask: (values: readonly unknown[], raw: boolean) => unknown[]) {
    this.#ask = ask;
  }

  pluck(): this {
    this.#form = 'first';
    return this;
  }

  raw(): this {
    this.#form = 'raw';
    return this;
  }

  run(...values: unknown[]): void {
    this.#ask(values, false);
  }

  get(...values: unknown[]): unknown {
    return this.all(...values)[0];
  }

  all(...values: unknown[]): unknown[] {
    const rows = this.#ask(values, this.#form !== 'rows');
    return this.#form === 'first' ? rows.map((row) => (row as unknown[])[0]) : rows;
  }
}
