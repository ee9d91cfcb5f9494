import { expect, test } from 'vitest';
import { told } from '../../renderer/desk/snapshot.ts';
import { scenarioOf } from '../doubles/desk/scenario.ts';
import { firstSnapshot } from '../doubles/desk/snapshots.ts';
import { World } from '../doubles/desk/world.ts';

const scenario = scenarioOf(new URLSearchParams('items=3'));
const snapshot = firstSnapshot(scenario, new World(scenario));
const activity = { revision: 9 };

test('a delta changes the slices that it holds and no other', () => {
  const next = told({ n: 4, snapshot }, { n: 5, slices: { activity } });
  expect(next).toEqual({ n: 5, snapshot: { ...snapshot, activity } });
});

test('a gap in the numbers means that something was lost', () => {
  expect(told({ n: 4, snapshot }, { n: 6, slices: { activity } })).toBe('lost');
});

test('a delta before the first snapshot is too early to mean anything', () => {
  expect(told(null, { n: 1, slices: { activity } })).toBe('early');
});

test('a snapshot starts anew, whatever was known', () => {
  expect(told({ n: 4, snapshot }, { n: 17, snapshot })).toEqual({ n: 17, snapshot });
});
