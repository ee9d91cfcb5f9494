import { describe, expect, test } from 'vitest';
import { factsOf } from '../../renderer/inspector/Facts.tsx';
import { complete, NO_DOOR } from '../../renderer/setup/door.ts';
import { levelOf } from '../../renderer/sidebar/Meter.tsx';
import { activityWords } from '../../renderer/wording/activities.ts';
import { files, items } from '../../renderer/wording/counts.ts';
import { syncWords } from '../../renderer/wording/sync.ts';
import { day, duration, moment, nextTry } from '../../renderer/wording/times.ts';
import { extensionOf } from '../../renderer/wording/types.ts';
import { ACTIVITIES } from '../../shared/api/storage.ts';
import { library } from '../doubles/desk/library.ts';

const now = new Date(2026, 10, 20, 14, 4).getTime();
const at = (...[month, date, hour, minute, year = 2026]: number[]): number =>
  new Date(year, (month ?? 1) - 1, date, hour, minute).getTime();

describe('durations', () => {
  test.each([
    [42_000, '0:42'],
    [727_000, '12:07'],
    [3_723_000, '1:02:03'],
    [0, '0:00'],
  ])('%i ms are %s', (ms, words) => expect(duration(ms)).toBe(words));
});

describe('moments', () => {
  test.each([
    [at(11, 20, 6, 48), 'Today, 06:48'],
    [at(11, 19, 18, 20), 'Yesterday, 18:20'],
    [at(11, 12, 9, 4), '12 Nov, 09:04'],
    [at(11, 3, 6, 48, 2025), '3 Nov 2025, 06:48'],
  ])('of %i are %s', (when, words) => expect(moment(when, now)).toBe(words));

  test('have no time where the day is enough', () => expect(day(at(11, 12, 9, 4), now)).toBe('12 Nov'));

  test('of the next try say what is waited for where there is none', () => {
    expect(nextTry(at(11, 20, 14, 8), now)).toBe('Next try 14:08');
    expect(nextTry(null, now)).toBe('Waits for a change');
  });
});

test('one is not many', () => {
  expect([items(1), items(4_812), files(1), files(0)]).toEqual(['1 item', '4,812 items', '1 file', '0 files']);
});

test('only what is not plainly in sync is said', () => {
  expect(syncWords({ state: 'synced' })).toBeNull();
  expect(syncWords({ state: 'uploading', progress: 0.629 })).toBe('Uploading · 62 %');
});

test('what has no picture is shown by its extension', () => {
  expect(['Score sketch.als', 'README', '.profile', 'a.blend1x'].map(extensionOf)).toEqual([
    'ALS',
    'FILE',
    'FILE',
    'FILE',
  ]);
});

test('every activity of the contract has words of its own', () => {
  const words = ACTIVITIES.map((action) => activityWords(action).words);
  expect(new Set(words.filter((word) => word !== 'Storage changed')).size).toBeGreaterThanOrEqual(
    ACTIVITIES.length - 1,
  );
  expect(activityWords('a-new-thing').words).toBe('A new thing');
});

test('storage is amber from 80 % and red from 95 %', () => {
  const level = (usedBytes: number): string => levelOf({ usedBytes, limitBytes: 100 });
  expect([79, 80, 94, 95, 120].map(level)).toEqual(['fine', 'amber', 'amber', 'red', 'red']);
  expect(levelOf({ usedBytes: 500, limitBytes: null })).toBe('fine');
});

test('the facts of an item are those that are known', () => {
  const item = library(1, now).find(({ kind }) => kind === 'file');
  if (item === undefined) throw new Error('no file');
  const names = factsOf(item, null, now).map(([name]) => name);
  expect(names).toEqual(['Size', 'Dimensions', 'Modified', 'Added']);
  expect(factsOf(item, item, now).map(([name]) => name)).toContain('Camera');
});

describe('the way into a server', () => {
  test('takes an address without a scheme to be https', () => {
    const door = complete({ ...NO_DOOR, address: 'files.example.org', code: ' KITE-4821 ' });
    expect(door).toEqual({ kind: 'code', address: 'https://files.example.org', code: 'KITE-4821' });
  });

  test('is not complete without an address or without a code', () => {
    expect(complete({ ...NO_DOOR, code: 'KITE' })).toBeNull();
    expect(complete({ ...NO_DOOR, address: 'files.example.org' })).toBeNull();
    expect(complete({ ...NO_DOOR, address: 'http://', code: 'KITE' })).toBeNull();
  });
});
