import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTreeReader, type TreeEntry } from '../../../main/engine/insight/treeReader.ts';
import { type LocalNode, PARKED, type RemoteNode, type SyncedNode } from '../../../main/engine/model.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';

let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-trees-'));
  state = new State(openState(folder));
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const id = uuidv7() as NodeId;
const content = (letter: string) => letter.repeat(64) as ContentId;

const local = (over: Partial<LocalNode> = {}): LocalNode => ({
  ...{
    id,
    kind: 'file',
    parentId: null,
    name: 'a.txt',
    diskName: 'a.txt',
    contentId: content('c'),
    missingSince: null,
  },
  stat: {
    kind: 'file',
    size: 5,
    mtimeNs: 1_763_633_828_123_456_789n,
    ino: 1n,
    dev: 1n,
    birthNs: 0n,
    changeNs: 0n,
    links: 1,
    executable: false,
  },
  ...over,
});
const remote = (over: Partial<RemoteNode> = {}): RemoteNode => ({
  ...{ id, kind: 'file', parentId: null, name: 'a.txt', state: 'live', contentId: content('c'), size: 5 },
  ...{ mtimeMs: 1, executable: false, contentRev: 1, placeRev: 1, metaRev: 1, seq: 1 },
  ...over,
});
const synced = (over: Partial<SyncedNode> = {}): SyncedNode => ({
  ...{ id, kind: 'file', parentId: null, name: 'a.txt', contentId: content('c'), size: 5, mtimeMs: 1 },
  ...{ executable: false, contentRev: 1, placeRev: 1 },
  ...over,
});
const read = (): TreeEntry | undefined => openTreeReader(state.database).entries([id])[0];

test('what neither side has is left out', () => {
  expect(read()).toBeUndefined();
});
test('what is the same on both sides is agreed, with the time that the disk shows', () => {
  state.local.put(local());
  state.remote.put(remote());
  state.synced.put(synced());
  expect(read()).toMatchObject({ name: 'a.txt', standing: 'agreed', mtimeMs: 1_763_633_828_123, trashed: false });
});
test('what only one side has is said to be there', () => {
  state.local.put(local());
  expect(read()?.standing).toBe('here');
  state.local.remove(id);
  state.remote.put(remote());
  expect(read()?.standing).toBe('there');
});
test('a rename on the disk counts before the server knows', () => {
  state.local.put(local({ name: 'mine.txt' }));
  state.remote.put(remote());
  state.synced.put(synced());
  expect(read()).toMatchObject({ name: 'mine.txt', standing: 'differs' });
});
test('a rename on the server counts before the disk follows', () => {
  state.local.put(local());
  state.remote.put(remote({ name: 'theirs.txt', placeRev: 2, seq: 2 }));
  state.synced.put(synced());
  expect(read()).toMatchObject({ name: 'theirs.txt', standing: 'differs' });
});
test('an edit here counts before one there, and one there before what the disk still has', () => {
  state.local.put(local());
  state.remote.put(remote({ contentId: content('d'), size: 9, contentRev: 2, seq: 2 }));
  state.synced.put(synced());
  expect(read()).toMatchObject({ size: 9, contentId: content('d') });
  state.local.put(local({ contentId: content('e') }));
  expect(read()).toMatchObject({ size: 5, contentId: content('e') });
});
test('a delete on the server is in the trash at once; a file saved anew under its id is not', () => {
  state.local.put(local());
  state.remote.put(remote({ state: 'trashed', placeRev: 2, seq: 2 }));
  state.synced.put(synced());
  expect(read()?.trashed).toBe(true);
  state.synced.remove(id);
  expect(read()?.trashed).toBe(false);
});
test('what waits in the own folder for its name is shown where the server has it', () => {
  state.local.put(local({ parentId: PARKED, diskName: '.driftless/tmp/x' }));
  state.remote.put(remote({ name: 'there.txt' }));
  state.synced.put(synced());
  expect(read()).toMatchObject({ name: 'there.txt', parentId: null });
});
test('what is missing for the moment is shown as the server has it', () => {
  state.local.put(local({ missingSince: 1 }));
  state.remote.put(remote());
  state.synced.put(synced());
  expect(read()).toMatchObject({ name: 'a.txt', standing: 'there' });
});
test('what people say of it comes with it, and goes when it is taken back', () => {
  state.remote.put(remote({ library: { favourite: true, tags: ['Sea'] } }));
  expect(read()?.library).toEqual({ favourite: true, tags: ['Sea'] });
  state.remote.put(remote({ seq: 2, metaRev: 2 }));
  expect(read()?.library).toEqual({});
});
test('ids come in order, a page at a time', () => {
  const ids = [1, 2, 3].map((n) => uuidv7({ msecs: n }) as NodeId);
  for (const [n, one] of ids.entries()) state.remote.put(remote({ id: one, name: `${n}` }));
  const reader = openTreeReader(state.database);
  expect(reader.idsAfter('remote', '', 2)).toEqual(ids.slice(0, 2));
  expect(reader.idsAfter('remote', ids[1] ?? '', 2)).toEqual(ids.slice(2));
  expect(reader.idsAfter('local', '', 2)).toEqual([]);
});
