import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordInstant } from '../../../main/engine/apply/record.ts';
import { rewind, startOver } from '../../../main/engine/history/otherHistory.ts';
import type { DiskStat, RemoteNode } from '../../../main/engine/model.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { type NodeId, UploadId } from '../../../shared/ids.ts';
import { contentNumber } from '../plan/world.ts';

const ID = '00000000-0000-7000-8000-000000000001' as NodeId;

const stat: DiskStat = {
  kind: 'file',
  size: 1,
  mtimeNs: 1n,
  ino: 1n,
  dev: 1n,
  birthNs: 0n,
  changeNs: 0n,
  links: 1,
  executable: false,
};

let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-past-'));
  state = new State(openState(folder));
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const node = (over: Partial<RemoteNode> = {}): RemoteNode => ({
  id: ID,
  parentId: null,
  name: 'a.txt',
  kind: 'file',
  state: 'live',
  contentId: contentNumber(1),
  size: 1,
  mtimeMs: 1,
  executable: true,
  contentRev: 1,
  placeRev: 1,
  metaRev: 1,
  seq: 1,
  ...over,
});

const trashed = (seq: number): RemoteNode => node({ state: 'trashed', placeRev: seq, seq });

/** Both sides show that it is gone. */
function agreeOnDelete(seq: number): void {
  state.remote.put(trashed(seq));
  recordInstant(state, { kind: 'forget', id: ID });
}

describe('what was agreed on before', () => {
  test('is known by content and by place, the present agreement is not', () => {
    state.synced.put(node());
    state.synced.put(node({ contentId: contentNumber(2), name: 'b.txt' }));
    expect(state.past.hadContent(ID, contentNumber(1))).toBe(true);
    expect(state.past.hadPlace(ID, { parentId: null, name: 'a.txt' })).toBe(true);
    expect(state.past.hadContent(ID, contentNumber(2))).toBe(false);
    expect(state.past.hadPlace(ID, { parentId: null, name: 'b.txt' })).toBe(false);
  });

  test('is known of the last eight agreements, also after a restart', () => {
    for (let n = 1; n <= 12; n += 1) state.synced.put(node({ contentId: contentNumber(n) }));
    state.close();
    state = new State(openState(folder));
    const known = Array.from({ length: 12 }, (_, i) => i + 1).filter((n) =>
      state.past.hadContent(ID, contentNumber(n)),
    );
    expect(known).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('is not made longer by what changes neither content nor place', () => {
    for (let n = 1; n <= 12; n += 1) state.synced.put(node({ mtimeMs: n }));
    expect(state.past.hadContent(ID, contentNumber(1))).toBe(false);
  });
});

test('what was agreed on before is dropped at a start once the node is gone and its delete forgotten', () => {
  state.synced.put(node());
  state.synced.put(node({ contentId: contentNumber(2) }));
  agreeOnDelete(7);
  state.close();
  state = new State(openState(folder));
  expect(state.past.hadContent(ID, contentNumber(1))).toBe(true);
  state.past.forgetDeleted(0);
  state.close();
  state = new State(openState(folder));
  expect(state.past.hadContent(ID, contentNumber(1))).toBe(false);
});

describe('a delete that both sides have seen', () => {
  test('is remembered as it was last agreed on', () => {
    agreeOnDelete(7);
    const { state: _, metaRev, seq, confirmed, ...agreed } = { ...trashed(7), confirmed: false };
    expect(state.past.allDeleted()).toEqual([agreed]);
    expect(state.remote.get(ID)).toBeUndefined();
  });

  test('is made again on a server that went back to before it', () => {
    agreeOnDelete(7);
    startOver(state, 5);
    state.remote.show([node()], 5);
    rewind(state);
    expect(state.synced.get(ID)).toMatchObject({ contentId: contentNumber(1), name: 'a.txt' });
    expect(state.log.ids.has(ID)).toBe(true);
  });

  test('is not made again where the node lived again by the server’s last word', () => {
    agreeOnDelete(7);
    state.remote.put(node({ placeRev: 8, seq: 8 }));
    startOver(state, 5);
    state.remote.show([node()], 5);
    rewind(state);
    expect(state.synced.get(ID)).toBeUndefined();
  });

  test('is remembered further where the server shares it', () => {
    agreeOnDelete(4);
    startOver(state, 5);
    rewind(state);
    expect(state.past.allDeleted()).toHaveLength(1);
    startOver(state, 3);
    rewind(state);
    expect(state.past.allDeleted()).toEqual([]);
  });
});

test('a state from before any of this was remembered is opened as it is', () => {
  state.synced.put(node());
  state.close();
  const db = new Database(join(folder, 'state.db'));
  db.exec('DROP TABLE former; DROP TABLE deleted;');
  db.close();
  state = new State(openState(folder));
  expect(state.synced.get(ID)).toMatchObject({ name: 'a.txt' });
  expect(state.past.allDeleted()).toEqual([]);
  expect(state.checkpoints).toEqual([]);
});

test('an upload under way outlives a server that went back, because its session may have been there already', () => {
  const draft = {
    nodeId: ID,
    parentId: null,
    name: 'a.txt',
    baseContentRev: null,
    size: 1,
    mtimeMs: 1,
    executable: null,
  };
  state.uploads.open(ID, { uploadId: UploadId.parse(ID), draft, stat });
  startOver(state, 0);
  rewind(state);
  expect(state.uploads.get(ID)).not.toBeNull();
});
