import { Worker } from 'node:worker_threads';
import { FileFailure } from './fileFailure.ts';
import type { Job, JobReply, JobResults } from './jobs.ts';

/** A thread that has had nothing to do for so many ms ends, and gives its memory back. */
const IDLE_MS = 30_000;

/** A worker holds little but its window, which these limits do not count. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Threads that run jobs, started when there is work and ended when there is none. Small files overtake large ones,
 * jobs of one kind keep their order.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #small: Waiting[] = [];
  readonly #large: Waiting[] = [];
  #retire: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** Rejects with FileFailure when the file cannot be read as asked, or with Error when the pool is closed. */
  run<T extends Job>(job: T): Promise<JobResults[T['type']]> {
    if (this.#closed) return Promise.reject(new Error('The worker pool is closed.'));
    return new Promise((resolve, reject) => {
      const isSmall = job.type === 'small' || job.type === 'write';
      (isSmall ? this.#small : this.#large).push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  /** Starts the threads that there may be; those without work end again after a while. */
  prepare(): void {
    if (this.#closed) return;
    while (this.#idle.length + this.#busy.size < this.#size) {
      const worker = this.#start();
      worker.unref();
      this.#idle.push(worker);
    }
    this.#retireLater();
  }

  /** Ends all threads; jobs not done reject. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retire);
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    const unfinished = [...this.#busy.values(), ...this.#small.splice(0), ...this.#large.splice(0)];
    this.#busy.clear();
    for (const { reject } of unfinished) reject(new Error('The worker pool was closed.'));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#small.length + this.#large.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined);
      if (worker === undefined) return;
      const waiting = this.#small.shift() ?? this.#large.shift();
      if (waiting === undefined) return;
      this.#busy.set(worker, waiting);
      worker.ref();
      const { job } = waiting;
      worker.postMessage(job, job.type === 'write' ? [job.bytes.buffer] : []);
    }
  }

  #start(): Worker {
    const worker = new Worker(workerUrl(), { resourceLimits: LIMITS });
    worker.on('message', (reply: JobReply) => {
      // A thread of a program that Node watches (`node --watch`) also tells what it loads.
      if ('ok' in reply) this.#finish(worker, reply);
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('A hashing thread ended unexpectedly.')));
    return worker;
  }

  #finish(worker: Worker, reply: JobReply): void {
    const waiting = this.#busy.get(worker);
    if (waiting === undefined) return;
    this.#busy.delete(worker);
    this.#idle.push(worker);
    // An idle thread does not keep the process alive; a busy one does.
    worker.unref();
    this.#retireLater();
    if (reply.ok) waiting.resolve(reply.result as never);
    else waiting.reject(new FileFailure(reply.code, reply.message));
    this.#dispatch();
  }

  /** A thread that died takes its own job with it, and nothing else. */
  #lose(worker: Worker, error: Error): void {
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    waiting?.reject(error);
    if (waiting !== undefined) this.#dispatch();
  }

  #retireLater(): void {
    clearTimeout(this.#retire);
    this.#retire = setTimeout(() => {
      for (const worker of this.#idle.splice(0)) void worker.terminate();
    }, IDLE_MS);
    this.#retire.unref();
  }
}

/** Beside this file as TypeScript when run from source; out/main/hashWorker.js when bundled, perhaps from a chunk. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? '../hashWorker.js' : 'hashWorker.js', folder);
}
