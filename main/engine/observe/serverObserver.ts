import { type ChangesPage, type Cursor, seqOf } from '../../../shared/api/changes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { answersHold } from '../history/answers.ts';
import { rewind, startOver } from '../history/otherHistory.ts';
import type { RemoteNode } from '../model.ts';
import { Runner } from '../runner.ts';
import type { State } from '../store/state.ts';
import { isProblem, type ServerApi } from '../transfer/server.ts';
import { settleSent } from './settleSent.ts';

/** What following the feed needs of the server. */
export type FeedApi = Pick<ServerApi, 'changes' | 'follow' | 'node' | 'sharedHistory'>;

/**
 * Follows the server's feed into the remote tree. Events are hints: whatever they say, the feed is read from the
 * cursor, and only the feed moves the cursor.
 */
export class ServerObserver {
  readonly #api: FeedApi;
  readonly #state: State;
  readonly #ended: () => Promise<void>;
  readonly #runner: Runner;
  readonly #stop = new AbortController();
  #caughtUp = false;

  /** `ended` resolves when nothing is under way that was begun on what the server had said. */
  constructor(api: FeedApi, state: State, ended: () => Promise<void> = () => Promise.resolve()) {
    this.#api = api;
    this.#state = state;
    this.#ended = ended;
    this.#runner = new Runner(() => this.#read());
    api.follow(state.cursor);
  }

  /** Resolves when everything that existed at the call is in the remote tree; rejects with ServerFailure. */
  look(): Promise<void> {
    return this.#runner.request();
  }

  /** Asks for one node that is not what it was taken for; the feed does not tell of it again if it did before. */
  async lookAt(id: NodeId): Promise<void> {
    const node = await this.#api.node(id, this.#stop.signal);
    if (!node) return;
    this.#state.transaction(() => {
      this.#state.remote.put(node);
      settleSent(this.#state, node);
    });
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
    return seqOf(this.#state.cursor);
  }

  /**
   * The server has answered with changes that the feed has not shown yet. They count only once it has: a cursor behind
   * them would not notice that they have been undone.
   */
  get behind(): boolean {
    return this.#state.remote.answers.size > 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#runner.close();
  }

  async #read(): Promise<void> {
    while (!(await this.#readToEnd())) {
      this.#caughtUp = false;
      // Its result would be written down as one of the present history, in which it may never have happened.
      await this.#ended();
      const { baseSeq } = await this.#api.sharedHistory(this.#state.checkpoints, this.#stop.signal);
      startOver(this.#state, baseSeq);
    }
    rewind(this.#state);
    this.#follow();
    this.#caughtUp = true;
  }

  /** false: the server's history is not the one followed so far, parts of which it has taken back. */
  async #readToEnd(): Promise<boolean> {
    const before = this.#state.cursor;
    const answers = new Map(this.#state.remote.answers);
    const shown = new Map<NodeId, RemoteNode>();
    const pages: ChangesPage[] = [];
    for (let cursor = before; ; ) {
      const page = await this.#pageAfter(cursor);
      if (!page) return false;
      cursor = page.cursor;
      for (const node of page.nodes) if (answers.has(node.id)) shown.set(node.id, node);
      pages.push(page);
      // Until the answers are borne out the cursor stays: from beyond them nobody could tell that they were taken back.
      if (answers.size === 0) this.#take(pages.splice(0));
      if (!page.caughtUp) continue;
      if (!answersHold(answers, shown, before, cursor)) return false;
      this.#take(pages);
      return true;
    }
  }

  #take(pages: readonly ChangesPage[]): void {
    const state = this.#state;
    state.transaction(() => {
      for (const { nodes, cursor } of pages) {
        state.remote.show(nodes, seqOf(cursor));
        for (const node of nodes) settleSent(state, node);
        state.cursor = cursor;
      }
    });
    this.#follow();
  }

  /** What was planned on what the lost history said is refused until all of the present one is known. */
  #follow(): void {
    if (this.#state.rewindsTo === undefined) this.#api.follow(this.#state.cursor);
  }

  /** undefined: the server does not know this cursor. */
  async #pageAfter(cursor: Cursor): Promise<ChangesPage | undefined> {
    try {
      return await this.#api.changes(cursor, this.#stop.signal);
    } catch (error) {
      if (isProblem(error, 'cursor-unknown')) return undefined;
      throw error;
    }
  }
}
