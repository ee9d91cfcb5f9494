import { describe, expect, it } from 'vitest';
import type { DiskStat, LocalNode } from '../../../main/engine/model.ts';
import type { Entry } from '../../../main/engine/scan/list.ts';
import { Matching } from '../../../main/engine/scan/match.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { random } from './folder.ts';
import { HASHED, MemoryTree } from './memoryTree.ts';

const nothingOwn = { touched: () => false };
const options = { now: 1_000, random, executableBit: true, judged: false };

const file = (ino: bigint, changes: Partial<DiskStat> = {}): DiskStat => ({
  kind: 'file',
  size: 10,
  mtimeNs: 5n,
  ino,
  dev: 1n,
  birthNs: 7n,
  changeNs: 0n,
  links: 1,
  executable: false,
  ...changes,
});

const entry = (name: string, stat: DiskStat): Entry => ({ diskName: name, name, stat, ignored: () => null });

const nodeAt = (parentId: NodeId | null, name: string, stat: DiskStat, id = random.nodeId()): LocalNode => ({
  id,
  kind: stat.kind,
  parentId,
  name,
  diskName: name,
  stat,
  contentId: HASHED,
  missingSince: null,
});

/** A tree of synced files in the root; answers their ids by name. */
function treeOf(files: Record<string, DiskStat>): { tree: MemoryTree; ids: Record<string, string> } {
  const tree = new MemoryTree();
  const ids: Record<string, string> = {};
  for (const [name, stat] of Object.entries(files)) {
    const id = random.nodeId();
    tree.apply([{ type: 'put', node: nodeAt(null, name, stat, id) }]);
    tree.synced.add(id);
    ids[name] = id;
  }
  return { tree, ids };
}

function settle(tree: MemoryTree, entries: readonly Entry[], held: readonly string[] = []): Record<string, string> {
  const matching = new Matching(tree, [{ folderId: null, entries, held }], nothingOwn);
  expect(matching.questions()).toEqual([]);
  tree.apply(matching.settle(options).changes);
  return tree.paths();
}

describe('matching', () => {
  const rotation = [
    entry('log', file(99n)),
    entry('log.1', file(1n)),
    entry('log.2', file(2n)),
    entry('log.3', file(3n)),
  ];
  for (const [order, entries] of [
    ['in order', rotation],
    ['in reverse', rotation.toReversed()],
  ] as const) {
    it(`gives every id once when backups move up and the first is new, listed ${order}`, () => {
      const { tree, ids } = treeOf({ log: file(1n), 'log.1': file(2n), 'log.2': file(3n) });
      const { 'log.3': last, ...rest } = settle(tree, entries);
      expect(rest).toEqual(ids);
      expect(Object.values(ids)).not.toContain(last);
    });
  }

  it('sees a rotation of three', () => {
    const { tree, ids } = treeOf({ a: file(1n), b: file(2n), c: file(3n) });
    const after = settle(tree, [entry('a', file(3n)), entry('b', file(1n)), entry('c', file(2n))]);
    expect(after).toEqual({ a: ids.c, b: ids.a, c: ids.b });
  });

  it('does not take an inode that was given out again for a move', () => {
    const { tree, ids } = treeOf({ a: file(1n) });
    const after = settle(tree, [entry('b', file(1n, { birthNs: 8n }))]);
    expect(Object.keys(after)).toEqual(['b']);
    expect(after.b).not.toBe(ids.a);
  });

  it('asks for the same size and time where the disk tells no birth time', () => {
    const before = file(1n, { birthNs: 0n });
    const same = treeOf({ a: before });
    expect(settle(same.tree, [entry('b', before)])).toEqual({ b: same.ids.a });
    const other = treeOf({ a: before });
    expect(settle(other.tree, [entry('b', { ...before, mtimeNs: 6n })]).b).not.toBe(other.ids.a);
  });

  it('does not take a folder for a moved file', () => {
    const { tree, ids } = treeOf({ a: file(1n) });
    const after = settle(tree, [entry('b', file(1n, { kind: 'folder' }))]);
    expect(after.b).not.toBe(ids.a);
  });

  it('keeps what lies at a name that cannot be judged, and lets nobody move away from there', () => {
    const { tree, ids } = treeOf({ a: file(1n) });
    const after = settle(tree, [entry('b', file(1n))], ['a']);
    expect(after.a).toBe(ids.a);
    expect(after.b).not.toBe(ids.a);
  });

  it('records a folder’s new inode but not its new times', () => {
    const { tree } = treeOf({ a: file(1n, { kind: 'folder' }) });
    const matching = (stat: DiskStat) =>
      new Matching(tree, [{ folderId: null, entries: [entry('a', stat)], held: [] }], nothingOwn).settle(options);
    expect(matching(file(1n, { kind: 'folder', mtimeNs: 6n })).changes).toEqual([]);
    expect(matching(file(2n, { kind: 'folder' })).changes).toHaveLength(1);
  });

  it('keeps what was hashed when the disk got another number', () => {
    const { tree, ids } = treeOf({ a: file(1n) });
    expect(settle(tree, [entry('a', file(1n, { dev: 2n }))])).toEqual(ids);
    expect([...tree.rows.values()]).toMatchObject([{ contentId: HASHED, stat: { dev: 2n } }]);
  });

  it('forgets what was hashed when the same inode was born anew', () => {
    const { tree } = treeOf({ a: file(1n) });
    settle(tree, [entry('a', file(1n, { birthNs: 8n }))]);
    expect([...tree.rows.values()]).toMatchObject([{ contentId: null }]);
  });

  it('forgets what was hashed when only the change time tells that a file was written to', () => {
    const { tree } = treeOf({ a: file(1n, { changeNs: 5n }) });
    settle(tree, [entry('a', file(1n, { changeNs: 6n }))]);
    expect([...tree.rows.values()]).toMatchObject([{ contentId: null, stat: { changeNs: 6n } }]);
  });

  it.each([
    ['did not count', 0n, 6n],
    ['does not count any more', 6n, 0n],
  ])('keeps what was hashed when the change time %s', (_, before, now) => {
    const { tree } = treeOf({ a: file(1n, { changeNs: before }) });
    settle(tree, [entry('a', file(1n, { changeNs: now }))]);
    expect([...tree.rows.values()]).toMatchObject([{ contentId: HASHED, stat: { changeNs: now } }]);
  });

  it('puts no folder into itself when its path led to another one by the time it was listed', () => {
    const outer: DiskStat = { ...file(1n), kind: 'folder' };
    const inner: DiskStat = { ...file(2n), kind: 'folder' };
    const { tree } = treeOf({ f: outer });
    const id = tree.child(null, 'f')?.id ?? null;
    tree.apply([{ type: 'put', node: nodeAt(id, 'f', inner) }]);
    tree.agree();
    const looks = [
      { folderId: null, entries: [entry('f', inner)], held: [] },
      { folderId: id, entries: [entry('f', outer)], held: [] },
    ];
    const matching = new Matching(tree, looks, nothingOwn);
    for (const asked of matching.questions()) matching.answer(asked, 'absent');
    const { changes, disturbed } = matching.settle(options);
    const put = changes.flatMap((change) => (change.type === 'put' ? [change.node] : []));
    expect(put.filter((node) => node.parentId === node.id)).toEqual([]);
    expect(disturbed).toContain(id);
  });

  it('does not take a file for a new one while the engine is busy at the place it was moved from', () => {
    const { tree } = treeOf({ 'start.txt': file(1n) });
    const busyAtStart = { touched: (_parent: unknown, name: string) => name === 'start.txt' };
    const matching = new Matching(
      tree,
      [{ folderId: null, entries: [entry('two.txt', file(1n))], held: [] }],
      busyAtStart,
    );
    expect(matching.questions()).toEqual([]);
    const matched = matching.settle(options);
    expect(matched.changes).toEqual([]);
    expect(matched.disturbed).toEqual([null]);
  });
});
