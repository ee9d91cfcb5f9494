import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { DiskObserver } from '../../../main/engine/observe/diskObserver.ts';
import { IgnoreFile } from '../../../main/engine/scan/ignoreFile.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { SyncedFolder } from '../scan/folder.ts';
import { ManualClock } from '../transfer/manualClock.ts';

const HOUR = 3_600_000;
let folder: SyncedFolder;
let stateDir: string;
let state: State;
let clock: ManualClock;
let chance: number;
let broken: boolean;
let looks: number;
let looked: () => void;
let observer: DiskObserver;

beforeEach(async () => {
  folder = await SyncedFolder.make();
  stateDir = mkdtempSync(join(tmpdir(), 'driftless-observer-'));
  state = new State(openState(stateDir));
  clock = new ManualClock();
  chance = 0.5;
  broken = false;
  looks = 0;
  looked = () => undefined;
  const { root, parts } = folder;
  const ignores = new (class extends IgnoreFile {
    override async changed(): Promise<boolean> {
      looks += 1;
      looked();
      if (broken) throw new Error('a defect');
      return super.changed();
    }
  })(nodeFilesystem, root);
  observer = new DiskObserver({
    state,
    fs: nodeFilesystem,
    root,
    ignores,
    ownWrites: parts.ownWrites,
    clock,
    random: { ...parts.random, fraction: () => chance },
    onHalt: () => undefined,
    onLooked: () => undefined,
    onDefect: () => undefined,
  });
});

afterEach(async () => {
  await observer.close();
  state.close();
  rmSync(stateDir, { recursive: true, force: true });
  await folder.delete();
});

/** Lets so much time pass that a look begins, and waits until it has been recorded. */
const lookAfter = async (ms: number): Promise<void> => {
  const begun = new Promise<void>((resolve) => {
    looked = resolve;
  });
  clock.advance(ms);
  await begun;
  while (observer.busy) await new Promise(setImmediate);
  await new Promise(setImmediate);
};

describe('everything is looked at again', () => {
  test.each([
    [0, 1.25],
    [0.5, 1],
    [0.999, 0.75],
  ])('by chance %f after %f hours', (fraction, hours) => {
    chance = fraction;
    observer.keepVerifying();
    expect(clock.waiting.map((ms) => Math.round((ms / HOUR) * 100) / 100)).toEqual([hours]);
  });

  test('every hour, and what nobody told of is found', async () => {
    observer.keepVerifying();
    await lookAfter(HOUR);
    await folder.write('silent.txt');
    await lookAfter(HOUR);
    expect(state.local.child(null, 'silent.txt')?.kind).toBe('file');
  });

  test('also after a look that failed', async () => {
    broken = true;
    observer.keepVerifying();
    await lookAfter(HOUR);
    await lookAfter(HOUR);
    expect(looks).toBe(2);
  });

  test('no more after the end', async () => {
    observer.keepVerifying();
    await observer.close();
    expect(clock.waiting).toEqual([]);
  });
});

describe('a clock that is set', () => {
  test.each([-365 * 24 * HOUR, 365 * 24 * HOUR])('by %i ms changes nothing that is known', async (ms) => {
    await folder.write('a/b.txt');
    await observer.look('all');
    state.log.clear();
    if (ms > 0) clock.advance(ms);
    else clock.now = () => ms;
    await observer.look('all');
    expect(state.log.empty).toBe(true);
  });
});
