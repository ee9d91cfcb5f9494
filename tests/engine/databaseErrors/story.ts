import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node } from '../../../shared/api/nodes.ts';
import { MiB } from '../../../shared/bytes.ts';
import { type Client, contentOf, draft, randomBytes, text } from '../../server/harness.ts';

const LONG_AGO = Date.UTC(2026, 9, 1, 8);
const LATER = Date.UTC(2026, 9, 2, 9);

/** A person at the folder of the device. */
class Hand {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(path: string, bytes: string | Buffer, mtimeMs: number): void {
    const file = join(this.#folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, new Date(mtimeMs), new Date(mtimeMs));
  }

  append(path: string, bytes: Buffer, mtimeMs: number): void {
    appendFileSync(join(this.#folder, path), bytes);
    utimesSync(join(this.#folder, path), new Date(mtimeMs), new Date(mtimeMs));
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(join(this.#folder, to)), { recursive: true });
    renameSync(join(this.#folder, from), join(this.#folder, to));
  }

  remove(path: string): void {
    rmSync(join(this.#folder, path), { recursive: true });
  }
}

const put = (client: Client, name: string, words: string, more: Partial<Node> = {}): Promise<Node> =>
  client.put(name, text(words), { mtimeMs: LATER, ...more });

/** Two devices meet for the first time: one folder is full, the server knows other things. */
export async function begin(folder: string, client: Client): Promise<void> {
  const hand = new Hand(folder);
  for (const name of ['edited here', 'edited there', 'equal edit', 'gone here', 'gone there', 'x', 'y'])
    hand.write(`notes/${name}.txt`, `first words of ${name}`, LONG_AGO);
  hand.write('project/in/deep.txt', 'deep', LONG_AGO);
  hand.write('album/1.txt', 'one', LONG_AGO);
  hand.write('large.bin', randomBytes(MiB, 'large'), LONG_AGO);
  hand.write('met.txt', 'the same on both sides', LATER);
  await put(client, 'met.txt', 'the same on both sides');
  await put(client, 'from there.txt', 'made there');
}

/** Both go on without seeing each other; no two touch the same thing in different ways. */
export async function goOn(folder: string, client: Client): Promise<void> {
  const hand = new Hand(folder);
  hand.write('notes/edited here.txt', 'other words', LATER);
  hand.write('notes/equal edit.txt', 'equal words', LATER);
  hand.remove('notes/gone here.txt');
  hand.move('notes/x.txt', 'notes/aside');
  hand.move('notes/y.txt', 'notes/x.txt');
  hand.move('notes/aside', 'notes/y.txt');
  hand.move('project/in', 'moved here');
  hand.append('large.bin', randomBytes(1000, 'more'), LATER);
  hand.write('new/by this one.txt', 'new', LATER);

  const { nodes } = await client.changes();
  const named = (name: string): Node => {
    const found = nodes.find((node) => node.name === name && node.state === 'live');
    if (!found) throw new Error(`the server has no ${name}`);
    return found;
  };
  const edit = async (name: string, words: string): Promise<void> => {
    const { id, parentId, contentRev } = named(name);
    const content = contentOf(Buffer.from(words));
    const file = draft(content, name, { nodeId: id, parentId, baseContentRev: contentRev, mtimeMs: LATER });
    await client.pack([{ draft: file, content }]);
  };
  await edit('edited there.txt', 'words from there');
  await edit('equal edit.txt', 'equal words');
  await client.trash(named('gone there.txt'));
  await client.moveTo(named('album'), null, 'album 2026');
  await put(client, 'into project.txt', 'joined', { parentId: named('project').id });
}

/** What is on the server, deleted things too: a delete and a create in place of an edit would show. */
export async function told(client: Client): Promise<readonly string[]> {
  const { nodes } = await client.changes();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path = ({ parentId, name }: Node): string => {
    const parent = parentId && byId.get(parentId);
    return parent ? `${path(parent)}/${name}` : name;
  };
  return nodes
    .map((node) => `${path(node)} ${node.state} ${node.contentId} ${node.mtimeMs * Number(node.kind === 'file')}`)
    .sort();
}
