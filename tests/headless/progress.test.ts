import { describe, expect, test } from 'vitest';
import { trackProgress } from '../../main/headless/progress.ts';
import { done, fitted, heldLines, lastWord, problemLine, progressLine } from '../../main/headless/wording.ts';
import { engineDouble, type Standing } from './engineDouble.ts';
import { viewWith } from './view.ts';

function track() {
  let ms = 1_000_000;
  const engine = engineDouble();
  const progress = trackProgress(engine, { now: () => ms, monotonic: () => ms });
  const step = (afterMs: number, standing: Standing) => {
    ms += afterMs;
    engine.become(standing);
    return progress.view();
  };
  return { step, progress };
}

const MB = 1_000_000;
const sending = (bytesDone: number, uploaded = 0, pending = 10): Standing => ({
  status: { state: 'syncing', pending, bytesDone, bytesTotal: 1000 * MB },
  summary: { uploaded, bytesSent: bytesDone },
});

describe('progress', () => {
  test('counts changes since the engine was last at rest', () => {
    const { step } = track();
    step(0, { status: { state: 'idle' }, summary: { uploaded: 100 } });
    step(0, { status: { state: 'syncing', pending: 12 } });
    expect(step(1000, { status: { pending: 10 }, summary: { uploaded: 102 } })).toMatchObject({
      itemsDone: 2,
      itemsTotal: 12,
      direction: 'up',
    });
    step(1000, { status: { state: 'idle', pending: 0 } });
    expect(step(1000, { status: { state: 'syncing', pending: 1 } })).toMatchObject({ itemsDone: 0, itemsTotal: 1 });
  });
  test('tells the direction from what moves, and none when both do', () => {
    const { step } = track();
    step(0, { status: { state: 'syncing', pending: 2 } });
    expect(step(10, { summary: { bytesReceived: 5 } }).direction).toBe('down');
    expect(step(10, { summary: { bytesSent: 5 } }).direction).toBe('both');
  });
  test('measures a steady speed, and hides the time left for the first 5 s', () => {
    const { step } = track();
    step(0, sending(0));
    for (let second = 1; second < 5; second += 1) {
      expect(step(1000, sending(second * 10 * MB)).secondsLeft).toBeNull();
    }
    const view = step(1000, sending(50 * MB));
    expect(view.bytesPerSecond).toBeCloseTo(10 * MB, -3);
    expect(view.secondsLeft).toBeCloseTo(95, 0);
  });
  test('a slow moment bends the speed instead of breaking it', () => {
    const { step } = track();
    step(0, sending(0));
    for (let second = 1; second <= 10; second += 1) step(1000, sending(second * 10 * MB));
    const { bytesPerSecond } = step(500, sending(100 * MB));
    expect(bytesPerSecond).toBeGreaterThan(7 * MB);
    expect(bytesPerSecond).toBeLessThan(10 * MB);
  });
  test('tells no speed while offline', () => {
    const { step } = track();
    step(0, sending(0));
    step(1000, sending(10 * MB));
    expect(step(1000, { status: { state: 'offline' } })).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  });
  test('in sync since the work ended, not since somebody looked', () => {
    const { step } = track();
    step(0, sending(0));
    const { syncedAt } = step(5000, { status: { state: 'idle' } });
    expect(syncedAt).toBe(1_005_000);
    expect(step(60_000, { status: { state: 'idle' } }).syncedAt).toBe(1_005_000);
  });
  test('a pause that has run out is not shown any more', () => {
    const { step, progress } = track();
    progress.pausedUntil(1_010_000);
    expect(step(0, { status: { state: 'paused' } }).pausedUntil).toBe(1_010_000);
    expect(step(20_000, {}).pausedUntil).toBeNull();
  });
});

describe('the progress line', () => {
  const view = viewWith({
    state: 'syncing',
    direction: 'up',
    itemsDone: 311,
    itemsTotal: 1200,
    bytesDone: 1.2 * 1024 ** 3,
    bytesTotal: 1.9 * 1024 ** 3,
    bytesPerSecond: 84 * 1024 ** 2,
    secondsLeft: 250,
  });
  const line = (columns: number): string => progressLine(view, columns, (full, empty) => full + empty);

  test('has everything where there is room', () => {
    expect(line(117)).toBe(
      'Uploading 312 of 1,200  ━━━━━━━━━━━━━━━━━━━━━━━─────────────   63 %  1.2 GB of 1.9 GB   84 MB/s  about 4 min',
    );
  });
  test('gives up the least telling first', () => {
    expect(line(77)).toBe('Uploading 312 of 1,200  ━━━━━━━━━─────   63 %  1.2 GB of 1.9 GB  about 4 min');
    expect(line(60)).toBe('Uploading 312 of 1,200  ━━━━━━━━━━━───────  1.2 GB of 1.9 GB');
  });
  test.each([10, 20, 30, 40, 57, 77, 97, 117, 200])('fits in %d columns', (columns) => {
    expect([...line(columns)].length).toBeLessThanOrEqual(columns);
  });
  test('has no bar while there are no bytes to move', () => {
    expect(progressLine(viewWith({ state: 'syncing', itemsTotal: 4 }), 80, () => 'BAR')).toBe('Syncing 1 of 4');
  });
});

describe('the last word', () => {
  const nothing = {
    uploaded: 0,
    downloaded: 0,
    moved: 0,
    deleted: 0,
    conflicts: 0,
    problems: 0,
    bytesSent: 0,
    bytesReceived: 0,
    seconds: 1,
  };

  test('says what was done', () => {
    const summary = {
      ...nothing,
      uploaded: 1200,
      downloaded: 3,
      conflicts: 1,
      bytesSent: 2.4 * 1024 ** 3,
      seconds: 14.2,
    };
    expect(done(summary)).toBe('1,200 uploaded, 3 downloaded, 1 conflict copy kept · 2.4 GB');
    expect(lastWord(summary, viewWith({}))).toBe(
      'In sync: 1,200 uploaded, 3 downloaded, 1 conflict copy kept · 2.4 GB in 14 s.',
    );
  });
  test('says when there was nothing to do', () => {
    expect(lastWord(nothing, viewWith({}))).toBe('In sync: nothing to do.');
  });
  test('never says in sync when it is not', () => {
    expect(lastWord(nothing, viewWith({ problems: 2 }))).toBe('In sync except for 2 files listed above.');
    expect(lastWord(nothing, viewWith({ state: 'waiting', held: 3 }))).toBe(
      'Not in sync yet: 3 deletes wait for your yes.',
    );
    expect(lastWord(nothing, viewWith({ state: 'syncing' }))).toBe('Stopped.');
  });
});

test('of many deletes that wait a few are named', () => {
  const paths = Array.from({ length: 120 }, (_, index) => `old/${index}.jpg`);
  expect(heldLines([{ direction: 'local', paths }], 2)).toEqual([
    '120 deletes wait for your yes, on this computer:',
    '  old/0.jpg',
    '  old/1.jpg',
    '  and 118 more',
    'Say “driftless approve” to delete them, “driftless deny” to keep them.',
  ]);
});

test('a file name cannot steer the terminal', () => {
  const path = 'a\u001b]0;owned\u0007\nb\u009b2J';
  const lines = [problemLine({ path, code: 'x', message: 'No.', retryAt: null })];
  lines.push(...heldLines([{ direction: 'local', paths: [path] }]));
  expect(lines[0]).toBe('a\ufffd]0;owned\ufffd\ufffdb\ufffd2J: No.');
  expect(lines[2]).toBe('  a\ufffd]0;owned\ufffd\ufffdb\ufffd2J');
});

test('a line that is too long says so', () => {
  expect(fitted('abcdef', 6)).toBe('abcdef');
  expect(fitted('abcdef', 5)).toBe('abcd…');
});
