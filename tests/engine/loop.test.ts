import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Agenda } from '../../main/engine/agenda.ts';
import { CloudOnly } from '../../main/engine/cloudOnly/cloudOnly.ts';
import { DeleteGuard } from '../../main/engine/guard.ts';
import { Lanes, laneOf } from '../../main/engine/lanes.ts';
import { ControlLoop } from '../../main/engine/loop.ts';
import type { SyncedNode } from '../../main/engine/model.ts';
import type { Clock } from '../../main/engine/ports.ts';
import { openState } from '../../main/engine/store/database.ts';
import { State } from '../../main/engine/store/state.ts';
import { MiB } from '../../shared/bytes.ts';
import type { ContentId } from '../../shared/ids.ts';
import { random } from './scan/folder.ts';
import { ManualClock } from './transfer/manualClock.ts';

const REST_MS = 2_000;
const CONTENT = 'c'.repeat(64) as ContentId;

let folder: string;
let state: State;
let clock: ManualClock;
/** How far the wall clock is from the one that never jumps. */
let jumped: number;
/** How long, in ms, it takes to ask for the time: planning seems as slow. */
let slow: number;
let begun: string[];
let hurried: boolean;
let loop: ControlLoop;
let agenda: Agenda;
let guards: { readonly local: DeleteGuard; readonly remote: DeleteGuard };
const id = random.nodeId();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-loop-'));
  state = new State(openState(folder));
  clock = new ManualClock();
  jumped = 0;
  slow = 0;
  begun = [];
  hurried = false;
  agenda = new Agenda(laneOf);
  guards = { local: new DeleteGuard(), remote: new DeleteGuard() };
  const jumping: Clock = {
    now: () => clock.now() + jumped,
    monotonic: () => {
      clock.advance(slow);
      return clock.monotonic();
    },
    soon: (callback: () => void) => void setImmediate(callback),
    after: clock.after,
  };
  loop = new ControlLoop({
    state,
    cloudOnly: new CloudOnly(state),
    agenda,
    lanes: new Lanes(
      (_, tasks) => {
        begun.push(...tasks.map(({ operation }) => operation.kind));
        return new Promise(() => undefined);
      },
      (error) => expect.unreachable(String(error)),
    ),
    guards,
    clock: jumping,
    random,
    device: 'Studio',
    mayStart: () => true,
    observed: () => true,
    hurried: () => hurried,
    react: () => undefined,
    changed: () => undefined,
    turned: () => undefined,
    onDefect: (error) => expect.unreachable(String(error)),
  });
});

afterEach(() => {
  loop.stop();
  state.close();
  rmSync(folder, { recursive: true });
});

/** The disk shows the file as last written at this moment, in seconds. */
async function seen(size: number, mtime: number): Promise<void> {
  state.local.put({
    id,
    kind: 'file',
    parentId: null,
    name: 'film.mov',
    diskName: 'film.mov',
    stat: {
      kind: 'file',
      size,
      mtimeNs: BigInt(mtime) * 1_000_000_000n,
      ino: 1n,
      dev: 1n,
      birthNs: 1n,
      changeNs: 0n,
      links: 1,
      executable: false,
    },
    contentId: null,
    missingSince: null,
  });
  await turned();
}

async function turned(): Promise<void> {
  loop.wake();
  await turn();
  await turn();
}

async function passes(ms: number): Promise<void> {
  clock.advance(ms);
  await turned();
}

test.each([60 * 60_000, -60 * 60_000])('a large file rests while the wall clock jumps by %i ms', async (jump) => {
  jumped = jump;
  await seen(2 * MiB, 1);
  jumped = -jump;
  await passes(REST_MS - 1);
  expect(begun).toEqual([]);
  await passes(1);
  expect(begun).toEqual(['upload']);
});

test('a large file that is written to again rests anew', async () => {
  await seen(2 * MiB, 1);
  await passes(REST_MS - 1);
  await seen(3 * MiB, 2);
  await passes(REST_MS - 1);
  expect(begun).toEqual([]);
  await passes(1);
  expect(begun).toEqual(['upload']);
});

test('the end of the rest needs nobody to ask', async () => {
  await seen(2 * MiB, 1);
  clock.advance(REST_MS);
  await turn();
  await turn();
  expect(begun).toEqual(['upload']);
});

test('a small file does not rest', async () => {
  await seen(1 * MiB, 1);
  expect(begun).toEqual(['upload']);
});

test('a large file does not rest when somebody waits for it', async () => {
  hurried = true;
  await seen(2 * MiB, 1);
  expect(begun).toEqual(['upload']);
});

function many(count: number, happens: (n: number) => void): void {
  state.transaction(() => {
    for (let n = 0; n < count; n += 1) happens(n);
  });
}

/** Both had agreed on it, and the disk has it no more. */
function goneHere(name: string): SyncedNode {
  const gone = { id: random.nodeId(), kind: 'file', parentId: null, name, contentId: CONTENT } as const;
  const shared = { ...gone, size: 1, mtimeMs: 0, executable: false, contentRev: 1, placeRev: 1 };
  state.synced.put(shared);
  state.remote.put({ ...shared, state: 'live', metaRev: 1, seq: 1 });
  return shared;
}

/** Only the disk has it, or all agree on it. */
function here(name: string, agreed?: SyncedNode): void {
  const times = { mtimeNs: 0n, birthNs: 1n, changeNs: 0n };
  const stat = { kind: 'file', size: 1, ...times, ino: 1n, dev: 1n, links: 1, executable: false } as const;
  const { id: node = random.nodeId(), contentId = null } = agreed ?? {};
  const place = { parentId: null, name, diskName: name };
  state.local.put({ id: node, kind: 'file', ...place, stat, contentId, missingSince: null });
}

test('deletes of a moment ago count, however far the clock was set meanwhile', async () => {
  guards.remote.record(random.nodeId(), 90, clock.monotonic());
  jumped = 24 * 3_600_000;
  many(20, (n) => goneHere(`${n}`));
  await turned();
  expect(guards.remote.held.size).toBe(20);
  expect(begun).toEqual([]);
});

test('nothing begins before all that has changed was looked at, however long that takes', async () => {
  many(600, (n) => here(`${n}`, goneHere(`${n}`)));
  state.log.clear();
  many(60, (n) => goneHere(`early ${n}`));
  many(900, (n) => here(`new ${n}`));
  many(60, (n) => goneHere(`late ${n}`));
  slow = 60;
  await turned();
  expect(begun).toEqual([]);
  while (!state.log.empty) await turned();
  await turned();
  expect(guards.remote.held.size).toBe(120);
  expect(begun).not.toContain('trashRemote');
});

test('of very many new files some are begun, and all are pending', async () => {
  many(5_000, (n) => here(`${n}`));
  await turned();
  expect(begun).toHaveLength(2 * 256);
  expect(agenda.pendingCount()).toBe(5_000);
});
