import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import type { Check } from './messages.ts';

/** Checks staged files one after the other, each in a thread of its own: hashing a gigabyte would keep requests waiting. */
export class CheckingThread {
  readonly #queue = new PQueue({ concurrency: 1 });
  #worker: Worker | undefined;
  #closed = false;

  /** For each part how many chunks are there and right, from its first on. */
  check(work: Check): Promise<number[]> {
    return this.#queue.add(() => this.#run(work));
  }

  /** What waits is not begun any more, what runs is cut off; both reject. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    await this.#queue.onIdle();
  }

  #run(work: Check): Promise<number[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('The server stops.'));
      const worker = new Worker(workerUrl(), { workerData: work });
      this.#worker = worker;
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('The checking thread ended.')));
    });
  }
}

/** Beside this file as TypeScript when run from source; out/main/checkingWorker.js when bundled, perhaps from a chunk. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? '../checkingWorker.js' : 'checkingWorker.js', folder);
}
