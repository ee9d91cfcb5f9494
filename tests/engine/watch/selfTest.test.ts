import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tellsOfChanges } from '../../../main/engine/watch/selfTest.ts';
import { realClock } from '../scan/folder.ts';
import { ManualClock } from '../transfer/manualClock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-selftest-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a disk of this computer tells of changes', async () => {
  expect(await tellsOfChanges(folder, realClock)).toBe(true);
});

test('a disk that takes the watch and says nothing for ten seconds does not', async () => {
  const clock = new ManualClock();
  let closed = false;
  const listen = (): (() => void) => {
    passWhenWaited(clock);
    return () => {
      closed = true;
    };
  };
  expect(await tellsOfChanges(folder, clock, listen)).toBe(false);
  expect([closed, await readdir(folder)]).toEqual([true, []]);
});

test('an event that waited behind the end of that time was told', async () => {
  const clock = new ManualClock();
  const listen = (_folder: string, onEvent: () => void): (() => void) => {
    passWhenWaited(clock, onEvent);
    return () => undefined;
  };
  expect(await tellsOfChanges(folder, clock, listen)).toBe(true);
});

/** The time passes once it is waited for. */
function passWhenWaited(clock: ManualClock, then: () => void = () => undefined): void {
  setImmediate(() => {
    if (clock.waiting.length === 0) return passWhenWaited(clock, then);
    clock.advance(10_000);
    then();
  });
}

test('what cannot be tried is not held against the disk', async () => {
  expect(await tellsOfChanges(join(folder, 'missing'), realClock)).toBe(true);
});
