import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError } from '../../../main/engine/api.ts';
import { recordParked } from '../../../main/engine/apply/record.ts';
import { parkingPlace } from '../../../main/engine/disk/tmp.ts';
import type { LocalNode, RemoteNode } from '../../../main/engine/model.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';

let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-state-'));
  state = new State(openState(folder));
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const newId = () => uuidv7() as NodeId;

const localFile = (over: Partial<LocalNode> = {}): LocalNode => ({
  id: newId(),
  kind: 'file',
  parentId: null,
  name: 'a.txt',
  diskName: 'a.txt',
  stat: {
    kind: 'file',
    size: 5,
    mtimeNs: 1_763_633_828_123_456_789n,
    ino: 2n ** 64n - 1n,
    dev: 2n ** 63n,
    birthNs: 1_763_633_828_000_000_001n,
    changeNs: 1_763_633_829_987_654_321n,
    links: 1,
    executable: true,
  },
  contentId: null,
  missingSince: null,
  ...over,
});

const remoteFile = (over: Partial<RemoteNode> = {}): RemoteNode => ({
  id: newId(),
  kind: 'file',
  parentId: null,
  name: 'a.txt',
  state: 'live',
  contentId: 'c'.repeat(64) as ContentId,
  size: 5,
  mtimeMs: 1_763_633_828_123,
  executable: true,
  contentRev: 1,
  placeRev: 1,
  metaRev: 1,
  seq: 1,
  confirmed: false,
  ...over,
});

test('gives back every bit of an observation after a restart', () => {
  const node = localFile();
  state.local.put(node);
  state.close();
  state = new State(openState(folder));
  expect(state.local.get(node.id)).toEqual(node);
  expect(state.local.byIdentity(node.stat.dev, node.stat.ino)).toEqual([node]);
});

test('goes on with a state that an earlier version has written', () => {
  state.close();
  const opened = openState(folder);
  opened.db.exec('ALTER TABLE local DROP COLUMN change_ns');
  opened.close();
  state = new State(openState(folder));
  const node = localFile();
  state.local.put(node);
  expect(state.local.get(node.id)).toEqual(node);
});

test('a row of the server replaces only one of a lower sequence number', () => {
  const node = remoteFile({ seq: 5 });
  state.remote.put(node);
  state.remote.put({ ...node, name: 'older.txt', seq: 4 });
  expect(state.remote.get(node.id)?.name).toBe('a.txt');
  state.remote.put({ ...node, name: 'newer.txt', seq: 6 });
  expect(state.remote.get(node.id)?.name).toBe('newer.txt');
});

test('finds names whatever their case and Unicode form', () => {
  const node = remoteFile({ name: 'Caf\u00e9.txt' });
  state.remote.put(node);
  expect(state.remote.holder(null, 'caf\u00e9.txt')?.id).toBe(node.id);
});

test('a node has no place on disk when a folder above it is gone', () => {
  const gone = localFile({ kind: 'folder' });
  expect(state.diskPathOf(localFile({ parentId: gone.id }))).toBeUndefined();
});

test('what a failed transaction wrote is not remembered in memory either', () => {
  const node = localFile();
  expect(() =>
    state.transaction(() => {
      state.local.put(node);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(state.local.get(node.id)).toBeUndefined();
});

test('a start plans every node on which the trees differ, and no other', () => {
  const agreed = remoteFile({ name: 'same.txt' });
  const { contentRev, placeRev, contentId, size, mtimeMs, executable } = agreed;
  const local = localFile({ id: agreed.id, name: 'same.txt', diskName: 'same.txt', contentId });
  const onlyHere = localFile({ name: 'here.txt' });
  const onlyThere = remoteFile({ name: 'there.txt' });
  state.local.put(local);
  state.local.put(onlyHere);
  state.remote.put(agreed);
  state.remote.put(onlyThere);
  state.synced.put({
    id: agreed.id,
    kind: 'file',
    parentId: null,
    name: 'same.txt',
    contentId,
    size,
    mtimeMs,
    executable,
    contentRev,
    placeRev,
  });
  expect(new Set(state.unsettled())).toEqual(new Set([onlyHere.id, onlyThere.id]));
});

test('notes who changed and which names were taken or given up', () => {
  const node = localFile();
  state.local.put(node);
  state.log.clear();
  state.local.put({ ...node, name: 'B.txt', diskName: 'B.txt' });
  expect([...state.log.ids]).toEqual([node.id]);
  expect([...state.log.places.values()]).toEqual([
    { parentId: null, key: 'a.txt' },
    { parentId: null, key: 'b.txt' },
  ]);
});

test('what is in a folder that is parked for a moment lies there with it', () => {
  const folderNode = localFile({ kind: 'folder', name: 'f', diskName: 'f' });
  const inside = localFile({ parentId: folderNode.id });
  state.local.put(folderNode);
  state.local.put(inside);
  expect(state.diskPathOf(inside)).toEqual(['f', 'a.txt']);
  recordParked(state, [folderNode.id]);
  expect(state.diskPathOf(inside)).toEqual([...parkingPlace(folderNode.id), 'a.txt']);
});

test('a second engine on the same state is refused with a sentence', () => {
  expect(() => openState(folder)).toThrow(EngineError);
  expect(() => openState(folder)).toThrow(/already runs with the state/);
});

test('a damaged state is put aside and begun anew', () => {
  state.cursor = '7.abc';
  state.close();
  const damage = 'this is no database, and long enough not to be taken for an empty one'.repeat(20);
  writeFileSync(join(folder, 'state.db'), damage);
  state = new State(openState(folder));
  expect(state.cursor).toBe('0');
  expect(readFileSync(join(folder, 'state.db.damaged'), 'utf8')).toBe(damage);
});

test('a state that cannot be opened is not held on to: once it can, it opens', () => {
  state.close();
  const file = join(folder, 'state.db');
  renameSync(file, `${file} elsewhere`);
  mkdirSync(file);
  expect(() => new State(openState(folder))).toThrow('unable to open');
  rmdirSync(file);
  renameSync(`${file} elsewhere`, file);
  state = new State(openState(folder));
  expect(state.cursor).toBe('0');
});

test('files that were agreed on are counted as they come and go, also when a transaction is taken back', () => {
  const agreed = { id: newId(), kind: 'file', parentId: null, name: 'a', contentId: null, size: 0 } as const;
  const node = { ...agreed, mtimeMs: 0, executable: false, contentRev: 1, placeRev: 1 };
  const counted = () => state.synced.fileCount;
  expect(counted()).toBe(0);
  state.synced.put(node);
  state.synced.put({ ...node, name: 'b' });
  state.synced.put({ ...node, id: newId(), kind: 'folder' });
  expect(counted()).toBe(1);
  const takenBack = (): void => {
    state.synced.remove(node.id);
    throw new Error('taken back');
  };
  expect(() => state.transaction(takenBack)).toThrow('taken back');
  expect(counted()).toBe(1);
  state.synced.remove(node.id);
  expect(counted()).toBe(0);
});
