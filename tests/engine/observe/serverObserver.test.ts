import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RemoteNode } from '../../../main/engine/model.ts';
import { type FeedApi, ServerObserver } from '../../../main/engine/observe/serverObserver.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { ServerFailure } from '../../../main/engine/transfer/failure.ts';
import { type Cursor, seqOf } from '../../../shared/api/changes.ts';
import { problem } from '../../../shared/api/problem.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { contentNumber } from '../plan/world.ts';

const PAGE = 2;
const idOf = (n: number): NodeId => `00000000-0000-7000-8000-${n.toString().padStart(12, '0')}` as NodeId;

const file = (n: number, seq: number, content = n): RemoteNode => ({
  id: idOf(n),
  parentId: null,
  name: `${n}.txt`,
  kind: 'file',
  state: 'live',
  contentId: contentNumber(content),
  size: 1,
  mtimeMs: 1,
  executable: false,
  contentRev: seq,
  placeRev: seq,
  metaRev: seq,
  seq,
});

/** A server's history in memory; each run of it numbers its changes on from the last. */
class History implements FeedApi {
  readonly rows: RemoteNode[] = [];
  readonly #cursors = new Map<number, Cursor>();
  readonly offered: (readonly Cursor[])[] = [];
  followed: Cursor | undefined;
  /** Calls that fail from now on. */
  away = new Set<'changes' | 'sharedHistory'>();
  pages = Number.POSITIVE_INFINITY;
  #run: string;

  constructor(run: string, shared?: History, upTo = 0) {
    this.#run = run;
    for (const row of shared?.rows ?? []) if (row.seq <= upTo) this.rows.push(row);
    for (const [seq, cursor] of shared?.cursors ?? []) if (seq <= upTo) this.#cursors.set(seq, cursor);
  }

  get cursors(): ReadonlyMap<number, Cursor> {
    return this.#cursors;
  }

  restart(run: string): void {
    this.#run = run;
  }

  add(...nodes: readonly RemoteNode[]): void {
    for (const node of nodes) {
      const old = this.rows.findIndex(({ id }) => id === node.id);
      if (old >= 0) this.rows.splice(old, 1);
      this.rows.push(node);
      this.#cursors.set(node.seq, `${node.seq}.${this.#run.repeat(8)}${node.seq.toString(16).padStart(8, '0')}`);
    }
  }

  follow(cursor: Cursor): void {
    this.followed = cursor;
  }

  async changes(cursor: Cursor) {
    this.pages -= 1;
    if (this.away.has('changes') || this.pages < 0)
      throw new ServerFailure({ kind: 'offline', code: 'ECONNREFUSED' }, 'away');
    if (cursor !== '0' && this.#cursors.get(seqOf(cursor)) !== cursor) {
      throw new ServerFailure({ kind: 'problem', problem: problem('cursor-unknown', 'unknown') }, 'unknown');
    }
    const after = this.rows.filter(({ seq }) => seq > seqOf(cursor));
    const nodes = after.slice(0, PAGE);
    const next = this.#cursors.get(nodes.at(-1)?.seq ?? 0) ?? cursor;
    return { nodes, cursor: next, caughtUp: nodes.length === after.length };
  }

  async sharedHistory(checkpoints: readonly Cursor[]) {
    if (this.away.has('sharedHistory')) throw new ServerFailure({ kind: 'offline', code: 'ECONNREFUSED' }, 'away');
    this.offered.push(checkpoints);
    const known = checkpoints.filter((cursor) => this.#cursors.get(seqOf(cursor)) === cursor).map(seqOf);
    return { baseSeq: Math.max(0, ...known) };
  }

  async node(id: NodeId) {
    return this.rows.find((row) => row.id === id);
  }
}

let folder: string;
let state: State;
let history: History;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-observer-'));
  state = new State(openState(folder));
  history = new History('a');
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

/** Both sides agree on all that the server has. */
function agree(): void {
  for (const node of history.rows) {
    state.synced.put(node);
    state.local.put({
      ...node,
      diskName: node.name,
      stat: {
        kind: 'file',
        size: 1,
        mtimeNs: 1_000_000n,
        ino: 1n,
        dev: 1n,
        birthNs: 0n,
        changeNs: 0n,
        links: 1,
        executable: false,
      },
      missingSince: null,
    });
  }
}

/** Files 1 to 3 are on a copy of the server; then 2 is edited and 4 is made, and everything agreed on. */
async function parted(): Promise<History> {
  history.add(file(1, 1), file(2, 2), file(3, 3));
  await new ServerObserver(history, state).look();
  agree();
  const copy = new History('b', history, 3);
  history.restart('c');
  history.add(file(2, 4, 22), file(4, 5));
  await new ServerObserver(history, state).look();
  agree();
  return copy;
}

describe('when the server no longer knows the cursor', () => {
  test('the cursors followed before are offered, and what was agreed on since counts as changed here', async () => {
    const copy = await parted();
    await new ServerObserver(copy, state).look();
    expect(copy.offered).toEqual([[history.cursors.get(3), history.cursors.get(5)]]);
    expect(state.synced.get(idOf(1))).toMatchObject({ contentRev: 1 });
    expect(state.synced.get(idOf(2))).toMatchObject({ contentId: contentNumber(2), contentRev: 2 });
    expect(state.synced.get(idOf(4))).toBeUndefined();
    expect(state.remote.get(idOf(4))).toBeUndefined();
    expect(state.unsettled()).toEqual([idOf(2), idOf(4)]);
  });

  test('nothing counts as seen, and nothing is rewound, until all of its tree is known', async () => {
    const copy = await parted();
    copy.pages = 2;
    const observer = new ServerObserver(copy, state);
    await expect(observer.look()).rejects.toThrow('away');
    expect(observer.caughtUp).toBe(false);
    expect(state.synced.get(idOf(2))?.contentRev).toBe(4);
  });

  test('a start in the midst of reading its tree goes on with the same point in mind', async () => {
    const copy = await parted();
    copy.pages = 2;
    await expect(new ServerObserver(copy, state).look()).rejects.toThrow('away');
    state.close();
    state = new State(openState(folder));
    copy.pages = 9;
    const observer = new ServerObserver(copy, state);
    await observer.look();
    expect(observer.caughtUp).toBe(true);
    expect(copy.offered).toHaveLength(1);
    expect(state.synced.get(idOf(2))).toMatchObject({ contentId: contentNumber(2), contentRev: 2 });
  });

  test('a server that goes back once more meanwhile shares no more than before', async () => {
    const copy = await parted();
    copy.pages = 2;
    await expect(new ServerObserver(copy, state).look()).rejects.toThrow('away');
    const older = new History('d', copy, 1);
    older.add(file(9, 2));
    await new ServerObserver(older, state).look();
    expect(state.synced.get(idOf(1))).toMatchObject({ contentRev: 1 });
    for (const n of [2, 3, 4]) expect(state.synced.get(idOf(n))).toBeUndefined();
  });

  test('what was begun in the lost history ends in it', async () => {
    const copy = await parted();
    const observer: ServerObserver = new ServerObserver(copy, state, async () => {
      expect(observer.caughtUp).toBe(false);
      const downloaded = state.synced.get(idOf(4));
      if (downloaded) state.synced.put({ ...downloaded, id: idOf(9) });
    });
    await observer.look();
    expect(state.synced.get(idOf(9))).toBeUndefined();
  });

  test('an answer that does not come is asked for again', async () => {
    const copy = await parted();
    copy.away.add('sharedHistory');
    const observer = new ServerObserver(copy, state);
    await expect(observer.look()).rejects.toThrow('away');
    expect(state.synced.get(idOf(4))).toBeDefined();
    copy.away.clear();
    await observer.look();
    expect(state.synced.get(idOf(4))).toBeUndefined();
  });

  test('later numbers of the lost history are no checkpoints of the new one', async () => {
    const copy = await parted();
    copy.add(file(7, 4), file(8, 5));
    await new ServerObserver(copy, state).look();
    expect(state.checkpoints).toEqual([copy.cursors.get(3), copy.cursors.get(5)]);
  });
});

test('changes go out in the name of the history they were planned in', async () => {
  const copy = await parted();
  copy.pages = 2;
  const observer = new ServerObserver(copy, state);
  await expect(observer.look()).rejects.toThrow('away');
  expect(seqOf(state.cursor)).toBe(2);
  expect(copy.followed).toBe(history.cursors.get(5));
  copy.pages = 9;
  await observer.look();
  expect(copy.followed).toBe(copy.cursors.get(3));
});

describe('answers that the feed has not shown yet', () => {
  test('are taken back by a server whose history ends before them, though it knows the cursor', async () => {
    await parted();
    const lost = { ...file(3, 9, 33), placeRev: 3 };
    state.remote.put(lost);
    state.synced.put(lost);
    const same = new History('e', history, 5);
    await new ServerObserver(same, state).look();
    expect(same.offered).toHaveLength(1);
    expect(state.remote.get(idOf(3))?.seq).toBe(3);
    expect(state.synced.get(idOf(3))).toMatchObject({ contentId: contentNumber(3), contentRev: 3 });
  });

  test('are taken back where others have used their numbers again', async () => {
    await parted();
    const lost = { ...file(3, 6, 33), placeRev: 3 };
    state.remote.put(lost);
    state.synced.put(lost);
    const same = new History('e', history, 5);
    same.add(file(7, 6), file(8, 7));
    await new ServerObserver(same, state).look();
    expect(state.synced.get(idOf(3))).toMatchObject({ contentId: contentNumber(3), contentRev: 3 });
    expect(state.remote.get(idOf(3))?.seq).toBe(3);
  });

  test('are believed when the feed shows them, also after a start of either side', async () => {
    await parted();
    const answered = file(6, 6);
    state.remote.put(answered);
    expect(new ServerObserver(history, state).behind).toBe(true);
    state.close();
    state = new State(openState(folder));
    history.restart('f');
    history.add(answered, file(7, 7));
    const observer = new ServerObserver(history, state);
    expect(observer.behind).toBe(true);
    await observer.look();
    expect(observer.behind).toBe(false);
    expect(history.offered).toEqual([]);
  });

  test('given while the feed is read are judged the next time', async () => {
    await parted();
    const observer = new ServerObserver(history, state);
    const reading = observer.look();
    history.add(file(6, 6));
    state.remote.put(file(6, 6));
    await reading;
    await observer.look();
    expect(history.offered).toEqual([]);
    expect(observer.behind).toBe(false);
  });
});
