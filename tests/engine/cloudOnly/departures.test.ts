import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CloudOnly } from '../../../main/engine/cloudOnly/cloudOnly.ts';
import { Departures } from '../../../main/engine/cloudOnly/departures.ts';
import type { Filesystem } from '../../../main/engine/disk/filesystem.ts';
import { FileFailure } from '../../../main/engine/hash/fileFailure.ts';
import { createHasher, type Hasher } from '../../../main/engine/hash/hasher.ts';
import { mtimeMsOf, PARKED, renamed } from '../../../main/engine/model.ts';
import { OwnWrites } from '../../../main/engine/scan/ownWrites.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { TestDisk } from '../apply/disk.ts';
import { ManualClock } from '../transfer/manualClock.ts';

/** Whole seconds, which can be set again exactly. */
const WRITTEN = new Date(Date.UTC(2026, 10, 20, 14, 2, 33));

let hasher: Hasher;
let at: TestDisk;
let stateDir: string;
let state: State;
let cloudOnly: CloudOnly;
let departures: Departures;
let clock: ManualClock;
let online: boolean;
let working: boolean;
let looked: (NodeId | null)[];
let changes: Partial<Filesystem>;
let seq: number;
let read: Hasher['hashFile'];
let plans: boolean;
let film: NodeId;
let films: NodeId;

beforeAll(() => {
  hasher = createHasher(1);
});
afterAll(() => hasher.close());

/** Something that both sides have and agree on. */
async function shared(parentId: NodeId | null, name: string, path: string): Promise<NodeId> {
  const stat = await at.stat(path);
  const { kind, size, executable } = stat;
  const id = at.disk.random.nodeId();
  const contentId = kind === 'file' ? (await hasher.hashFile(at.path(path))).contentId : null;
  seq += 1;
  state.local.put({ id, kind, parentId, name, diskName: name, stat, contentId, missingSince: null });
  const node = { id, kind, parentId, name, contentId, size, mtimeMs: mtimeMsOf(stat), executable };
  state.remote.put({ ...node, state: 'live', contentRev: seq, placeRev: seq, metaRev: seq, seq });
  state.synced.put({ ...node, contentRev: seq, placeRev: seq });
  return id;
}

beforeEach(async () => {
  at = await TestDisk.make();
  stateDir = mkdtempSync(join(tmpdir(), 'driftless-departures-'));
  state = new State(openState(stateDir));
  clock = new ManualClock();
  online = true;
  working = false;
  looked = [];
  changes = {};
  seq = 0;
  read = hasher.hashFile;
  plans = true;
  await at.write('films/a.mov', 'frames');
  await utimes(at.path('films/a.mov'), WRITTEN, WRITTEN);
  films = await shared(null, 'films', 'films');
  film = await shared(films, 'a.mov', 'films/a.mov');
  cloudOnly = new CloudOnly(state);
  const fs = new Proxy(at.disk.fs, { get: (real, name: keyof Filesystem) => changes[name] ?? real[name] });
  departures = new Departures({
    state,
    disk: { ...at.disk, fs, clock },
    hasher: { hashFile: (path) => read(path) },
    ownWrites: new OwnWrites(),
    cloudOnly,
    askServer: async () => online,
    isWorking: () => working,
    lookAgain: (folders) => looked.push(...folders),
    onDone: () => (plans ? plan() : undefined),
    onDefect: (error) => expect.unreachable(String(error)),
  });
});

afterEach(async () => {
  await departures.close();
  state.close();
  rmSync(stateDir, { recursive: true, force: true });
  await at.delete();
});

/** What a turn of the loop does before it plans. */
function plan(): void {
  cloudOnly.follow(state.log.take());
}

async function leave(): Promise<void> {
  expect(cloudOnly.mark('films')).toBeUndefined();
  plan();
  await pass();
}

async function pass(): Promise<void> {
  departures.request();
  while (departures.busy) await new Promise(setImmediate);
}

const codes = (): readonly string[] => departures.problems.map(({ path, code }) => `${path} ${code}`);

describe('what is left to the server', () => {
  test('leaves the disk for good, and nothing is agreed on about it any more', async () => {
    await leave();
    expect([await at.names(), await at.undone(), departures.problems]).toEqual([[], [], []]);
    expect([film, films].flatMap((id) => [state.local.get(id), state.synced.get(id)])).toEqual(
      Array(4).fill(undefined),
    );
    expect(state.remote.get(film)?.state).toBe('live');
  });

  test('stays while the server cannot be asked', async () => {
    online = false;
    await leave();
    expect(await at.text('films/a.mov')).toBe('frames');
    online = true;
    await pass();
    expect(await at.names()).toEqual([]);
  });

  test('stays while it is not on the server as it is here', async () => {
    const local = state.local.get(film);
    if (local) state.local.put({ ...local, contentId: null });
    await leave();
    expect(await at.text('films/a.mov')).toBe('frames');
  });

  test('stays when it was changed since anybody looked, and says so', async () => {
    await at.write('films/a.mov', 'other frames');
    await leave();
    expect(await at.text('films/a.mov')).toBe('other frames');
    expect(codes()).toEqual(['films/a.mov cloud-only-changing']);
    expect(looked).toEqual([films]);
  });

  test('stays when its bytes were changed without a trace, and is sent like any edit', async () => {
    // As on a disk whose change times are not to be relied on.
    const local = state.local.get(film);
    if (local) state.local.put({ ...local, stat: renamed(local.stat) });
    await writeFile(at.path('films/a.mov'), 'FRAMES');
    await utimes(at.path('films/a.mov'), WRITTEN, WRITTEN);
    await leave();
    expect([await at.text('films/a.mov'), await at.undone()]).toEqual(['FRAMES', []]);
    expect(state.local.get(film)?.contentId).toBe((await hasher.hashFile(at.path('films/a.mov'))).contentId);
    expect(cloudOnly.leaving.has(film)).toBe(false);
  });

  test('is left in peace for a while when it changes as it is read', async () => {
    let reads = 0;
    read = () => {
      reads += 1;
      return Promise.reject(new FileFailure('changed', 'films/a.mov'));
    };
    await leave();
    await pass();
    expect([reads, await at.text('films/a.mov'), codes()]).toEqual([1, 'frames', ['films/a.mov cloud-only-changing']]);
  });

  test('is tried once, not for ever, when it changed since the last plan', async () => {
    cloudOnly.mark('films');
    plan();
    plans = false;
    const local = state.local.get(film);
    if (local) state.local.put({ ...local, contentId: null });
    await pass();
    expect(await at.text('films/a.mov')).toBe('frames');
  });

  test('is told about when the disk does not let it go, and tried again after five minutes', async () => {
    changes = { rename: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) };
    await leave();
    expect(codes()).toEqual(['films/a.mov cloud-only-denied']);
    changes = {};
    await pass();
    expect(await at.names()).toEqual(['films']);
    clock.advance(5 * 60_000);
    await pass();
    expect([await at.names(), codes()]).toEqual([[], []]);
  });

  test('keeps its folder as long as something nobody knows lies in it', async () => {
    await leaveWith(() => at.write('films/new.mov', 'new').then(() => undefined));
    expect([await at.names('films'), codes()]).toEqual([['new.mov'], ['films cloud-only-not-empty']]);
    expect(looked).toEqual([null, films]);
  });

  test('keeps what is never synced, and the folder around it is no longer known', async () => {
    await leaveWith(() => symlink('/elsewhere', at.path('films/link')));
    expect([await at.names('films'), codes()]).toEqual([['link'], []]);
    expect(state.local.get(films)).toBeUndefined();
  });

  test('keeps its folder while anything else is being done', async () => {
    working = true;
    await leave();
    expect([await at.names(), await at.names('films')]).toEqual([['films'], []]);
    working = false;
    await pass();
    expect(await at.names()).toEqual([]);
  });
});

/** Marks the folder after something came into it that no look has found yet. */
async function leaveWith(comes: () => Promise<void>): Promise<void> {
  await comes();
  await leave();
}

test('a folder moved there elsewhere, which cannot leave yet, gives up a name that another has been given', async () => {
  await at.write('notes/unsent.txt', 'unsent');
  const notes = await shared(null, 'notes', 'notes');
  await shared(notes, 'unsent.txt', 'notes/unsent.txt');
  const unsent = state.local.children(notes)[0];
  if (unsent) state.local.put({ ...unsent, contentId: null });
  await leave();
  const moved = state.remote.get(notes);
  if (!moved) throw new Error('no notes');
  state.remote.put({ ...moved, parentId: films, placeRev: 90, seq: 90 });
  state.remote.put({ ...moved, id: at.disk.random.nodeId(), placeRev: 91, seq: 91 });
  plan();
  await pass();
  const aside = state.local.get(notes);
  expect(aside?.parentId).toBe(PARKED);
  expect(await readdir(at.path(aside?.diskName ?? ''))).toEqual(['unsent.txt']);
});

describe('the marks', () => {
  test('outlive a restart, and what lies in them is looked over then', async () => {
    await leave();
    state.close();
    state = new State(openState(stateDir));
    cloudOnly = new CloudOnly(state);
    const lookedOver = new Set(cloudOnly.follow(state.log.take()));
    expect([cloudOnly.folders, lookedOver.has(film)]).toEqual([['films'], true]);
  });

  test('are not taken off one by one inside a marked folder', async () => {
    await at.write('films/2019/b.mov');
    await shared(films, '2019', 'films/2019');
    cloudOnly.mark('films');
    expect(cloudOnly.unmark('films/2019')).toMatch(/lies in a folder that is on the server only/);
    expect(cloudOnly.unmark('films')).toBeUndefined();
    expect(cloudOnly.folders).toEqual([]);
  });

  test('let what they held come back as something new, never as something deleted here', async () => {
    cloudOnly.mark('films');
    plan();
    state.local.removeTree(films);
    plan();
    cloudOnly.unmark('films');
    plan();
    expect([state.synced.get(films), state.synced.get(film)]).toEqual([undefined, undefined]);
  });
});
