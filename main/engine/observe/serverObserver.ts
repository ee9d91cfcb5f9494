import type { ChangesPage } from '../../../shared/api/changes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { Runner } from '../runner.ts';
import type { State } from '../store/state.ts';
import { isProblem, type ServerApi } from '../transfer/server.ts';
import { takeRow } from './takeRow.ts';

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

  /** Asks for one node that is not what it was taken for; the feed does not tell of it again if it did before. */
  async lookAt(id: NodeId): Promise<void> {
    const node = await this.#api.node(id, this.#stop.signal);
    if (node) this.#state.transaction(() => takeRow(this.#state, node));
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

  /**
   * The server has answered with changes that the feed has not shown yet. They count only once it has: a cursor behind
   * them would not notice that a restore of the server has undone them.
   */
  get behind(): boolean {
    return this.#state.remote.highestSeq > this.seenSeq;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#runner.close();
  }

  async #read(): Promise<void> {
    let answered = this.#state.remote.highestSeq;
    for (;;) {
      const page = await this.#nextPage();
      if (!page) continue;
      this.#state.transaction(() => {
        for (const node of page.nodes) takeRow(this.#state, node);
        this.#state.settings.set({ cursor: page.cursor });
      });
      if (!page.caughtUp) continue;
      if (this.seenSeq >= answered) break;
      // It has answered with more than its whole history holds by now: the history was taken back.
      this.#startOver();
      answered = 0;
    }
    this.#caughtUp = true;
  }

  /** undefined: the server does not know the history followed so far, the next page is the first of another. */
  async #nextPage(): Promise<ChangesPage | undefined> {
    try {
      return await this.#api.changes(this.#state.settings.get('cursor') ?? '0', this.#stop.signal);
    } catch (error) {
      if (!isProblem(error, 'cursor-unknown')) throw error;
      this.#startOver();
      return undefined;
    }
  }

  /** Everything is matched anew, and nothing is deleted for being absent. */
  #startOver(): void {
    this.#caughtUp = false;
    this.#state.forgetServer();
  }
}
