import { describe, expect, test } from 'vitest';
import { parseDuration, parseMoment } from '../../main/headless/duration.ts';
import { placesFrom, shortPath, stateDirFor } from '../../main/headless/places.ts';
import { sentence } from '../../main/headless/program.ts';
import { isInside } from '../../main/headless/syncOptions.ts';

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  [' 2D ', 172_800_000],
  ['0m', undefined],
  ['', undefined],
  ['h', undefined],
  ['1h tomorrow', undefined],
  ['-1h', undefined],
])('the duration "%s" is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

describe('a moment', () => {
  const now = new Date(2026, 10, 20, 14, 30);
  test.each([
    ['tomorrow', new Date(2026, 10, 21)],
    [' Tomorrow ', new Date(2026, 10, 21)],
    ['18:05', new Date(2026, 10, 20, 18, 5)],
    ['9:00', new Date(2026, 10, 21, 9)],
    ['14:30', new Date(2026, 10, 21, 14, 30)],
  ])('"%s" is %s', (text, moment) => {
    expect(parseMoment(text, now)).toBe(moment.getTime() - now.getTime());
  });
  test.each(['', 'today', '24:00', '12:60', '12', '12:00 tomorrow'])('"%s" is none', (text) => {
    expect(parseMoment(text, now)).toBeUndefined();
  });
});

describe('places', () => {
  test('are the XDG folders, and their defaults', () => {
    expect(placesFrom({}, '/home/ada')).toEqual({
      folder: '/home/ada/Driftless',
      states: '/home/ada/.local/state/driftless',
      serverData: '/home/ada/.local/share/driftless/server',
      home: '/home/ada/.local/share/driftless/home.json',
    });
    expect(placesFrom({ XDG_STATE_HOME: '/s', XDG_DATA_HOME: '/d' }, '/home/ada')).toMatchObject({
      states: '/s/driftless',
      serverData: '/d/driftless/server',
    });
  });
  test('a relative XDG folder is ignored', () => {
    expect(placesFrom({ XDG_STATE_HOME: 'here' }, '/home/ada').states).toBe('/home/ada/.local/state/driftless');
  });
  test('a folder has one state, and ~/Driftless the one named default', () => {
    const places = placesFrom({}, '/home/ada');
    expect(stateDirFor('/home/ada/Driftless', places)).toBe('/home/ada/.local/state/driftless/default');
    expect(stateDirFor('/a', places)).not.toBe(stateDirFor('/b', places));
    expect(stateDirFor('/a', places)).toBe(stateDirFor('/a', places));
  });
  test('are shortened for reading only where they lie at home', () => {
    expect(shortPath('/home/ada/x', '/home/ada')).toBe('~/x');
    expect(shortPath('/home/adam/x', '/home/ada')).toBe('/home/adam/x');
  });
});

test.each([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/a/..b', '/a', true],
  ['/ab', '/a', false],
  ['/', '/a', false],
])('%s inside %s: %s', (inner, outer, inside) => {
  expect(isInside(inner, outer)).toBe(inside);
});

test.each([
  ["error: unknown option '--fold'\n(Did you mean --folder?)", 'Unknown option “--fold”: did you mean --folder?'],
  ["error: unknown option '--zzz'", 'Unknown option “--zzz”: see “driftless --help”.'],
])('%j is told as one sentence', (text, told) => {
  expect(sentence(text)).toBe(told);
});
