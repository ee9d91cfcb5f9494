import { describe, expect, test } from 'vitest';
import { remaining, toneOf, truth } from '../../shared/desktop/truth.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import { viewWith } from './view.ts';

const at = (hour: number, minute: number, day = 20): number => new Date(2026, 10, day, hour, minute).getTime();
const now = at(15, 0);

describe('the line of truth', () => {
  test.each<[string, Partial<SyncView>]>([
    ['All synced', {}],
    ['All synced · 14:02', { syncedAt: at(14, 2) }],
    ['All synced · 19 Nov 09:05', { syncedAt: at(9, 5, 19) }],
    ['1 file needs you', { problems: 1 }],
    ['1,200 files need you', { problems: 1200 }],
    ['Looking through the folder', { state: 'scanning' }],
    ['Uploading 3 of 12', { state: 'syncing', direction: 'up', itemsDone: 2, itemsTotal: 12 }],
    [
      'Uploading 3 of 12 · about 4 min',
      { state: 'syncing', direction: 'up', itemsDone: 2, itemsTotal: 12, secondsLeft: 245 },
    ],
    ['Downloading 1 of 1', { state: 'syncing', direction: 'down', itemsTotal: 1 }],
    ['Syncing 12 of 12', { state: 'syncing', itemsDone: 12, itemsTotal: 12 }],
    ['Syncing', { state: 'syncing' }],
    ['1 delete waits for your yes', { state: 'waiting', held: 1 }],
    ['120 deletes wait for your yes', { state: 'waiting', held: 120 }],
    ['Paused', { state: 'paused' }],
    ['Paused on battery', { state: 'paused', message: 'Paused on battery: plug the computer in.' }],
    ['Paused until 16:00', { state: 'paused', pausedUntil: at(16, 0) }],
    ['Paused until 21 Nov 09:00', { state: 'paused', pausedUntil: at(9, 0, 21) }],
    ['Offline: will continue', { state: 'offline' }],
    ['Stopped: needs you', { state: 'halted' }],
  ])('%s', (line, view) => {
    expect(truth(viewWith(view), now)).toBe(line);
  });
  test('is never coloured as good while something needs a person', () => {
    expect(toneOf(viewWith({}))).toBe('ok');
    expect(toneOf(viewWith({ problems: 1 }))).toBe('attention');
    expect(toneOf(viewWith({ state: 'waiting' }))).toBe('attention');
    expect(toneOf(viewWith({ state: 'halted' }))).toBe('attention');
  });
});

test.each([
  [null, null],
  [Number.POSITIVE_INFINITY, null],
  [0.4, 'about 5 s'],
  [8, 'about 10 s'],
  [44, 'about 40 s'],
  [54, 'about 50 s'],
  [55, 'about 1 min'],
  [245, 'about 4 min'],
  [1000, 'about 15 min'],
  [3260, 'about 55 min'],
  [3300, 'about 1 h'],
  [9000, 'about 3 h'],
  [200_000, 'about 2 days'],
])('%s seconds left are told as %s', (seconds, text) => {
  expect(remaining(seconds)).toBe(text);
});
