import { expect, test } from 'vitest';
import { DeleteGuard, GUARD_WINDOW_MS } from '../../main/engine/guard.ts';
import type { NodeId } from '../../shared/ids.ts';

const deletes = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: `node-${from + i}` as NodeId, files: 1 }));

test('lets a hundred deletes of a large tree pass and holds one more', () => {
  const guard = new DeleteGuard();
  guard.review(deletes(100), 10_000, 0);
  expect(guard.held.size).toBe(0);
  guard.review(deletes(101), 10_000, 0);
  expect(guard.held.size).toBe(101);
});

test('holds more than a quarter of the tree, unless it is only a few files', () => {
  const guard = new DeleteGuard();
  guard.review(deletes(10), 20, 0);
  expect(guard.held.size).toBe(0);
  guard.review(deletes(11), 40, 0);
  expect(guard.held.size).toBe(11);
  guard.review(deletes(11), 44, 0);
  expect(guard.held.size).toBe(0);
});

test('counts a folder by the files below it', () => {
  const guard = new DeleteGuard();
  guard.review([{ id: 'folder' as NodeId, files: 5_000 }], 10_000, 0);
  expect(guard.held).toEqual(new Set(['folder']));
});

test('adds up deletes that trickle in within ten minutes, and forgets older ones', () => {
  const guard = new DeleteGuard();
  for (const { id } of deletes(100)) guard.record(id, 1, 0);
  guard.review(deletes(1, 100), 10_000, GUARD_WINDOW_MS);
  expect(guard.held.size).toBe(1);
  guard.review(deletes(1, 100), 10_000, GUARD_WINDOW_MS + 1);
  expect(guard.held.size).toBe(0);
});

test('holds the first few of a large delete that is still being noticed', () => {
  const guard = new DeleteGuard();
  guard.review(deletes(9), 80, 0, 60);
  expect(guard.held.size).toBe(9);
  guard.review(deletes(9), 80, 0, 0);
  expect(guard.held.size).toBe(0);
});

test('a yes is for what was held then, and does not count against later deletes', () => {
  const guard = new DeleteGuard();
  guard.review(deletes(200), 10_000, 0);
  guard.approve();
  guard.review(deletes(201), 10_000, 0);
  expect(guard.held.size).toBe(0);
  for (const { id } of deletes(200)) guard.record(id, 1, 0);
  guard.review(deletes(100, 300), 10_000, 0);
  expect(guard.held.size).toBe(0);
  guard.review(deletes(101, 300), 10_000, 0);
  expect(guard.held.size).toBe(101);
});
