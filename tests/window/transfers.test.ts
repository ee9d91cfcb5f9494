import { expect, test } from 'vitest';
import { groupsOf, lineAt, lines } from '../../renderer/transfers/groups.ts';

const groups = groupsOf({ revision: 1, active: 2, waiting: 19_997, failed: 1, done: 0 });

test('groups that hold something are shown, what failed first', () => {
  expect(groups.map(({ group }) => group)).toEqual(['failed', 'active', 'waiting']);
  expect(lines(groups)).toBe(1 + 2 + 19_997 + 3);
});

test('each group is a heading, then its rows by their own index', () => {
  expect([0, 1, 2, 3, 5].map((at) => lineAt(groups, at))).toEqual([
    { kind: 'heading', group: 'failed', count: 1 },
    { kind: 'row', group: 'failed', at: 0 },
    { kind: 'heading', group: 'active', count: 2 },
    { kind: 'row', group: 'active', at: 0 },
    { kind: 'heading', group: 'waiting', count: 19_997 },
  ]);
  expect(lineAt(groups, lines(groups))).toBeNull();
});
