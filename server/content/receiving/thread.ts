import { Worker } from 'node:worker_threads';
import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { PartReceiver } from '../store.ts';
import type { ExpectedChunk } from './chunkVerifier.ts';
import type { FromThread, ToThread } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: FromThread) => void;
  readonly reject: (error: Error) => void;
}

/** One thread that receives the parts of all uploads. */
export class ReceivingThread {
  readonly #waiting = new Map<number, Waiting[]>();
  #worker: Worker | undefined = this.#start();
  #last = 0;

  /** `path`: the file whose `ranges` the bytes belong to, one after the other; made when missing. */
  open(path: string, ranges: readonly ByteRange[], chunks: readonly ExpectedChunk[]): PartReceiver {
    this.#last += 1;
    const id = this.#last;
    this.#waiting.set(id, []);
    this.#tell({ type: 'open', id, path, ranges, chunks });
    return {
      take: async (pieces) => {
        const owned = pieces.map(ownMemory);
        const memory = owned.map((piece) => piece.buffer);
        await this.#ask({ type: 'bytes', id, pieces: owned }, memory);
      },
      finish: async () => {
        const answer = await this.#ask({ type: 'finish', id });
        this.#waiting.delete(id);
        if (answer.type !== 'finished') throw new Error('The receiving thread lost count.');
        if (answer.fault) throw Object.assign(new Error(answer.fault.message), { code: answer.fault.code });
        return answer.chunks;
      },
      drop: () => {
        if (this.#waiting.delete(id)) this.#tell({ type: 'drop', id });
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(message: ToThread, memory: readonly ArrayBuffer[] = []): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      this.#waiting.get(message.id)?.push({ resolve, reject });
      this.#tell(message, memory);
    });
  }

  #tell(message: ToThread, memory: readonly ArrayBuffer[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, memory);
  }

  #start(): Worker {
    const worker = new Worker(workerUrl());
    // Whoever waits for it keeps the process alive; the thread itself does not.
    worker.unref();
    worker.on('message', (answer: FromThread) => this.#waiting.get(answer.id)?.shift()?.resolve(answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('The receiving thread ended.')));
    return worker;
  }

  /** Every part that was being received fails; the next one starts a new thread. */
  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) for (const { reject } of waiting.splice(0)) reject(error);
  }
}

/** A piece that shares its memory with others is copied: memory can only be handed over whole. */
function ownMemory(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = piece;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === piece.byteLength;
  return whole ? new Uint8Array(buffer) : new Uint8Array(piece);
}

/** Beside this file as TypeScript when run from source; out/main/receivingWorker.js when bundled, perhaps from a chunk. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? '../receivingWorker.js' : 'receivingWorker.js', folder);
}
