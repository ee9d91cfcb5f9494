import type { NodeId } from '../../shared/ids.ts';
import { OWN_FOLDER } from '../../shared/names.ts';
import { nameOf } from './contents.ts';
import { type Device, ROOT } from './device.ts';
import type { Inode } from './disk.ts';
import type { Ledger } from './ledger.ts';
import type { ModelServer } from './modelServer.ts';

/** Path in wire form → what lies there, as far as it is synced. */
export type Tree = ReadonlyMap<string, string>;

const ENTRY = {
  folder: 'folder',
  leftover: 'folder of ignored things',
  file: (content: string, mtimeMs: number, executable: boolean): string =>
    `${content} ${mtimeMs}${executable ? ' x' : ''}`,
} as const;

export function treeOf(device: Device): Tree {
  const tree = new Map<string, string>();
  const unsyncable = namesakesOn(device);
  for (const { path, inode } of device.disk.walk(ROOT)) {
    if (isWithin(path, [OWN_FOLDER, ...unsyncable]) || isIgnored(path)) continue;
    const { kind, bytes, mtimeNs, executable } = inode;
    const folder = holdsOnlyIgnored(inode) ? ENTRY.leftover : ENTRY.folder;
    const entry = kind === 'folder' ? folder : ENTRY.file(nameOf(bytes), Number(mtimeNs / 1_000_000n), executable);
    tree.set(path.normalize('NFC'), entry);
  }
  return tree;
}

/** What cannot be synced, because another file beside it has the same name in other characters. */
const namesakesOn = ({ engine }: Device): readonly string[] =>
  (engine?.problems() ?? []).filter(({ code }) => code === 'same-name').map(({ path }) => path);

/** Synced or not: what had another name before stays synced. */
const isIgnored = (path: string): boolean => /\.tmp(?:\/|$)/i.test(path);

/** As what remains of a folder deleted elsewhere: it is synced only while the server has it. */
const holdsOnlyIgnored = ({ entries }: Inode): boolean =>
  entries.size > 0 && [...entries.values()].every(({ name, inode }) => isIgnored(name) || holdsOnlyIgnored(inode));

const isWithin = (path: string, tops: readonly string[]): boolean =>
  tops.some((top) => path === top || path.startsWith(`${top}/`));

export function serverTree(server: ModelServer): Tree {
  const tree = new Map<string, string>();
  const add = (parentId: NodeId | null, prefix: string): void => {
    for (const node of server.children(parentId)) {
      const path = prefix + node.name;
      if (isIgnored(path)) continue;
      if (node.kind === 'folder') {
        tree.set(path, ENTRY.folder);
        add(node.id, `${path}/`);
      } else {
        const bytes = node.contentId && server.bytesOf(node.contentId);
        tree.set(path, ENTRY.file(bytes ? nameOf(bytes) : 'no content', node.mtimeMs, node.executable));
      }
    }
  };
  add(null, '');
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first few differences between two trees, as text; undefined: there are none. */
export function difference(a: Tree, b: Tree, names: readonly [string, string]): string | undefined {
  const lines: string[] = [];
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    if (isAlike(a.get(path), b.get(path))) continue;
    lines.push(`${path}: ${names[0]} has ${a.get(path) ?? 'nothing'}, ${names[1]} has ${b.get(path) ?? 'nothing'}`);
  }
  return lines.length === 0 ? undefined : lines.slice(0, 6).join('\n');
}

function isAlike(a: string | undefined, b: string | undefined): boolean {
  const [one, other] = a === ENTRY.leftover ? [a, b] : [b, a];
  return one === other || (one === ENTRY.leftover && (other === undefined || other === ENTRY.folder));
}

/** What somebody wrote, nobody gave up, and the tree does not have. */
export function lost(ledger: Ledger, tree: Tree, devices: readonly Device[], server: ModelServer): string | undefined {
  const there = new Set([...tree.values()].map((entry) => entry.split(' ')[0]));
  for (const [content, where] of ledger.owed()) {
    if (there.has(content)) continue;
    if (ledger.mayBeRemembered(content) && [...server.contents].some((bytes) => nameOf(bytes) === content)) continue;
    const places = (device: Device): readonly string[] =>
      ledger.mayBeInUndo(content) ? [OWN_FOLDER, ...namesakesOn(device)] : namesakesOn(device);
    if (devices.some((device) => isIn(device, places(device), content))) continue;
    return `${content}, written at ${where}, is nowhere in the tree`;
  }
  return undefined;
}

function isIn({ disk }: Device, tops: readonly string[], content: string): boolean {
  for (const { path, inode } of disk.walk(ROOT)) {
    if (inode.kind === 'file' && nameOf(inode.bytes) === content && (isWithin(path, tops) || isIgnored(path)))
      return true;
  }
  return false;
}

const CONFLICT = / \((?:conflicted copy, [^)]*|case conflict[^)]*)\)/;

/** A conflict copy with the very bytes of the file that it is a copy of. */
export function needlessCopy(tree: Tree, ledger: Ledger): string | undefined {
  for (const [path, entry] of tree) {
    const original = path.replace(CONFLICT, '');
    if (original === path || entry === ENTRY.folder) continue;
    const content = entry.split(' ')[0] ?? '';
    const name = original.slice(original.lastIndexOf('/') + 1);
    if (tree.get(original)?.split(' ')[0] === content && ledger.isOnlyContentOf(name, content))
      return `${path} has the same bytes as ${original}`;
  }
  return undefined;
}
