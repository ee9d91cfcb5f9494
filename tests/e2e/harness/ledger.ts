import type { Node } from '../../../shared/api/nodes.ts';
import { KiB, MiB } from '../../../shared/bytes.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { type Client, contentOf, draft, Refused } from '../../server/harness.ts';
import { randomBytes } from './random.ts';

/** What a file is known to be: so much was answered for. null: it is in the trash. */
type State = ContentId | null;

interface Entry {
  /** undefined: nothing of it was ever answered for. */
  answered: State | undefined;
  /** What was asked for since, without an answer: it may be that as well. */
  readonly asked: Set<State>;
  /** The node as last answered or seen. */
  node: Node | undefined;
}

/** Writes to a server until that dies, and keeps account of what the server has answered for. */
export class Ledger {
  readonly #client: Client;
  readonly #chance: () => number;
  readonly #entries = new Map<NodeId, Entry>();
  readonly #touched = new Set<NodeId>();
  #made = 0;

  constructor(client: Client, chance: () => number) {
    this.#client = client;
    this.#chance = chance;
  }

  /** Answers that were given so far. */
  answers = 0;

  /** Several writers at once, each until the server is gone or `stop` says so. */
  async write(stop: () => boolean): Promise<void> {
    const kinds = [() => this.#small(), () => this.#small(), () => this.#large(), () => this.#trash()];
    await Promise.all(
      kinds.map(async (work) => {
        while (!stop()) {
          try {
            await work();
          } catch (error) {
            if (error instanceof Refused) throw error;
            return;
          }
        }
      }),
    );
  }

  /** Every file as the server has it now, held against what it has answered for: what is wrong, in words. */
  async faults(all: boolean): Promise<string[]> {
    const faults: string[] = [];
    const nodes = new Map<NodeId, Node>();
    for (let cursor = '0', caughtUp = false; !caughtUp; ) {
      const page = await this.#client.changes(cursor);
      for (const node of page.nodes) nodes.set(node.id, node);
      ({ cursor, caughtUp } = page);
    }
    for (const [id, entry] of this.#entries) {
      const node = nodes.get(id);
      const found = node && (node.state === 'live' ? node.contentId : null);
      const fine =
        found === undefined ? entry.answered === undefined : found === entry.answered || entry.asked.has(found);
      if (!fine) faults.push(`${id} is ${found}, was answered to be ${entry.answered}`);
      entry.node = node;
      entry.answered = found;
      entry.asked.clear();
    }
    for (const node of nodes.values()) {
      if (!this.#entries.has(node.id)) faults.push(`${node.id} was never asked for`);
      else if (node.state === 'live' && (all || this.#touched.has(node.id)))
        faults.push(...(await this.#unwhole(node)));
    }
    this.#touched.clear();
    return faults;
  }

  async #unwhole(node: Node): Promise<string[]> {
    const bytes = await this.#client.download(node);
    return contentOf(bytes).contentId === node.contentId ? [] : [`${node.id} is not whole`];
  }

  /** A pack of small files, some of them new content of files that are there. */
  async #small(): Promise<void> {
    const count = 1 + Math.floor(this.#chance() * 24);
    const files = Array.from({ length: count }, () => this.#draft(1 + Math.floor(this.#chance() * 20 * KiB)));
    for (const { file, content } of files) this.#ask(file.nodeId, content.contentId);
    const results = await this.#client.pack(files.map(({ file, content }) => ({ draft: file, content })));
    for (const result of results) {
      if (!result.ok) throw new Refused(result.problem);
      this.#hear(result.nodes[0]);
    }
  }

  /** One upload in parts. */
  async #large(): Promise<void> {
    const { file, content } = this.#draft(300 * KiB + Math.floor(this.#chance() * 2 * MiB));
    this.#ask(file.nodeId, content.contentId);
    this.#hear(await this.#client.upload(file.name, content, file));
  }

  async #trash(): Promise<void> {
    const node = this.#idle();
    if (!node) return this.#small();
    this.#ask(node.id, null);
    this.#hear(await this.#client.trash(node));
  }

  #draft(size: number) {
    this.#made += 1;
    const content = contentOf(randomBytes(`ledger ${this.#made}`, size));
    const before = this.#chance() < 0.3 ? this.#idle() : undefined;
    const name = before?.name ?? `${this.#made}.bin`;
    const file = draft(content, name, before && { nodeId: before.id, baseContentRev: before.contentRev });
    this.#entries.set(
      file.nodeId,
      this.#entries.get(file.nodeId) ?? { answered: undefined, asked: new Set(), node: undefined },
    );
    return { file, content };
  }

  /** A live file that nobody is changing. */
  #idle(): Node | undefined {
    const idle = [...this.#entries.values()].filter(({ node, asked }) => node?.state === 'live' && asked.size === 0);
    const entry = idle[Math.floor(this.#chance() * idle.length)];
    const node = entry?.node;
    if (entry) entry.node = undefined;
    return node;
  }

  #ask(id: NodeId, state: State): void {
    this.#entries.get(id)?.asked.add(state);
    this.#touched.add(id);
  }

  #hear(node: Node | undefined): void {
    const entry = node && this.#entries.get(node.id);
    if (!entry) throw new Error('an answer names a node that was not asked for');
    entry.answered = node.state === 'live' ? node.contentId : null;
    entry.asked.clear();
    entry.node = node;
    this.answers += 1;
  }
}
