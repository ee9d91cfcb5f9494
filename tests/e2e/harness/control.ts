import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';

const ControlStatus = z.object({
  state: z.enum(['scanning', 'syncing', 'idle', 'waiting', 'paused', 'offline', 'halted']),
  pending: z.number(),
  generation: z.number(),
  syncedGeneration: z.number(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  problems: z.number(),
  message: z.string().nullable(),
});
export type ControlStatus = z.infer<typeof ControlStatus>;
/** An engine that is alive answers at once, however busy it is. */
const ANSWER_MS = 10_000;

const SyncNow = z.object({ generation: z.number() });

/** Speaks with a running engine over the socket in its state folder. */
export class Control {
  readonly #state: string;

  constructor(state: string) {
    this.#state = state;
  }

  async status(): Promise<ControlStatus> {
    return ControlStatus.parse(await this.#call('GET', '/status'));
  }

  /** Asks for a look at both sides; answers with its generation. */
  async syncNow(): Promise<number> {
    return SyncNow.parse(await this.#call('POST', '/sync-now')).generation;
  }

  /** Where the path would be too long for a socket, a note beside it names the real place. */
  #socketPath(): string {
    const note = join(this.#state, 'control.json');
    if (existsSync(note)) {
      const named = z.object({ socket: z.string() }).safeParse(JSON.parse(readFileSync(note, 'utf8')));
      if (named.success) return named.data.socket;
    }
    return join(this.#state, 'control.sock');
  }

  #call(method: string, path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asking = request({ socketPath: this.#socketPath(), method, path, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
          else resolve(JSON.parse(text));
        });
      });
      asking.on('error', reject);
      asking.setTimeout(ANSWER_MS, () => asking.destroy(new Error(`${method} ${path}: no answer`)));
      asking.end();
    });
  }
}
