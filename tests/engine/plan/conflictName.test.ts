import { expect, test } from 'vitest';
import { caseConflictName, conflictCopyName, freeName, isStandIn } from '../../../main/engine/plan/conflictName.ts';
import { Look } from '../../../main/engine/plan/trees.ts';
import { nameBytes } from '../../../shared/names.ts';
import { Stage } from './stage.ts';

const AT = Date.UTC(2026, 10, 20, 14, 2, 59);

test('names the device and the losing version’s own time, in UTC', () => {
  expect(conflictCopyName('report.pdf', 'Studio', AT, 1)).toBe('report (conflicted copy, Studio 2026-11-20 1402).pdf');
});

test('numbers further attempts', () => {
  expect(conflictCopyName('a', 'Studio', AT, 2)).toBe('a (conflicted copy, Studio 2026-11-20 1402 2)');
  expect(caseConflictName('a.txt', 3)).toBe('a (case conflict 3).txt');
});

test('replaces a suffix that is there already', () => {
  const once = conflictCopyName('report.pdf', 'Laptop', AT - 86_400_000, 2);
  expect(conflictCopyName(once, 'Studio', AT, 1)).toBe('report (conflicted copy, Studio 2026-11-20 1402).pdf');
  expect(conflictCopyName(caseConflictName('a', 1), 'Studio', AT, 1)).toBe(conflictCopyName('a', 'Studio', AT, 1));
});

test('leaves a person’s own parentheses alone', () => {
  expect(caseConflictName('plan (copy).txt', 1)).toBe('plan (copy) (case conflict).txt');
});

test('fits into 255 bytes, whole characters kept', () => {
  const name = conflictCopyName(`${'ü'.repeat(125)}.txt`, 'Studio', AT, 1);
  expect(nameBytes(name)).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^ü+ \(conflicted copy, Studio 2026-11-20 1402\)\.txt$/);
});

test('takes the first name that nobody else has, on disk or on the server, in any case', () => {
  const { world, hands } = new Stage();
  const own = hands.agreed('file', { parentId: null, name: 'n1' });
  hands.createLocal('file', { parentId: null, name: 'N2' });
  hands.createRemote('file', { parentId: null, name: 'n3' });
  const look = new Look(world.trees);
  expect(freeName(look, own, null, (n) => `n${n + 1}`)).toBe('n4');
  expect(freeName(look, own, null, (n) => `n${n}`)).toBe('n1');
});

test('knows a name that the engine gave from one that a person chose', () => {
  expect(isStandIn(conflictCopyName('a.txt', 'Studio', AT, 1), 'a.txt')).toBe(true);
  expect(isStandIn('b.txt', 'a.txt')).toBe(false);
  expect(isStandIn('a.txt', conflictCopyName('a.txt', 'Studio', AT, 1))).toBe(false);
});
