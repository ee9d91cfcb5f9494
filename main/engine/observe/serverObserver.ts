import { Runner } from '../runner.ts';
import type { State } from '../store/state.ts';
import { isProblem, type ServerApi } from '../transfer/server.ts';

/**
 * Follows the server's feed into the remote tree. Events are hints: whatever they say, the feed is read from the
 * cursor, and only the feed moves the cursor.
 */
export class ServerObserver {
  readonly #api: ServerApi;
  readonly #state: State;
  readonly #runner: Runner;
  readonly #stop = new AbortController();
  #caughtUp = false;

  constructor(api: ServerApi, state: State) {
    this.#api = api;
    this.#state = state;
    this.#runner = new Runner(() => this.#read());
  }

  /** Resolves when everything that existed at the call is in the remote tree; rejects with ServerFailure. */
  look(): Promise<void> {
    return this.#runner.request();
  }

  get busy(): boolean {
    return this.#runner.busy;
  }

  /** false until the feed has been read to its end once: until then absence means nothing. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Last sequence number that the feed has shown. */
  get seenSeq(): number {
    return Number.parseInt(this.#state.settings.get('cursor') ?? '0', 10);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#runner.close();
  }

  async #read(): Promise<void> {
    for (;;) {
      const cursor = this.#state.settings.get('cursor') ?? '0';
      let page: Awaited<ReturnType<ServerApi['changes']>>;
      try {
        page = await this.#api.changes(cursor, this.#stop.signal);
      } catch (error) {
        if (!isProblem(error, 'cursor-unknown')) throw error;
        // The server's history is not the one followed so far: match everything anew, delete nothing.
        this.#caughtUp = false;
        this.#state.forgetServer();
        continue;
      }
      this.#state.transaction(() => {
        for (const node of page.nodes) this.#state.remote.put(node);
        this.#state.settings.set({ cursor: page.cursor });
      });
      if (page.caughtUp) break;
    }
    this.#caughtUp = true;
  }
}
