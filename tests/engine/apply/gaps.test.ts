import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalDisk } from '../../../main/engine/apply/local/localDisk.ts';
import { changeServerTree, type OnServerTree } from '../../../main/engine/apply/serverTree.ts';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { cancelled } from '../../../main/engine/transfer/failure.ts';
import type { ServerApi } from '../../../main/engine/transfer/server.ts';
import { NodeId } from '../../../shared/ids.ts';
import { TestDisk } from './disk.ts';

const FOLDER = NodeId.parse('00000000-0000-7000-8000-00000000000f');
const FILE = NodeId.parse('00000000-0000-7000-8000-000000000001');
const GONE = NodeId.parse('00000000-0000-7000-8000-00000000000e');

let at: TestDisk;
let state: State;
let done: string[];

beforeEach(async () => {
  at = await TestDisk.make();
  state = new State(openState(join(at.disk.root.path, '.driftless', 'state')));
  done = [];
  await mkdir(at.path('folder'));
  const stat = await at.stat('folder');
  const place = { parentId: null, name: 'folder' };
  const row = { id: FOLDER, kind: 'folder', ...place, diskName: 'folder', stat, contentId: null } as const;
  state.local.put({ ...row, missingSince: null });
});

afterEach(async () => {
  state.close();
  await at.delete();
});

function agreed(id: NodeId, kind: 'file' | 'folder', parentId: NodeId | null): void {
  const content = { contentId: null, size: 0, mtimeMs: 0, executable: false, contentRev: 1, placeRev: 1 };
  state.synced.put({ id, kind, parentId, name: id, ...content });
}

/** Told of what is made durable, and of what is sent. */
function context(disk: LocalDisk) {
  const operations: ServerApi['operations'] = () => {
    done.push('sent');
    return Promise.reject(cancelled());
  };
  const api = { operations } as Partial<ServerApi> as ServerApi;
  return { api, state, disk, seenSeq: () => 1, isConfirmed: () => false };
}

const watched = (): LocalDisk =>
  at.with({
    syncFolder: async (folder) => {
      done.push(folder);
      await nodeFilesystem.syncFolder(folder);
    },
  });

const trash = (id: NodeId): OnServerTree => ({ kind: 'trashRemote', id, contentRev: 1, placeRev: 1, files: 1 });

it('tells the server of a delete once the gap in its folder is durable', async () => {
  agreed(FILE, 'file', FOLDER);
  await changeServerTree(context(watched()), [trash(FILE)]);
  expect(done).toEqual([at.path('folder'), 'sent']);
});

it('makes the gap durable in the nearest folder that is left', async () => {
  agreed(GONE, 'folder', FOLDER);
  agreed(FILE, 'file', GONE);
  await changeServerTree(context(watched()), [trash(FILE), trash(GONE)]);
  expect(done).toEqual([at.path('folder'), 'sent']);
});

it('does not tell the server of a delete that the disk could not make durable', async () => {
  agreed(FILE, 'file', null);
  const disk = at.with({ syncFolder: () => Promise.reject(Object.assign(new Error('failed'), { code: 'EIO' })) });
  const [outcome] = await changeServerTree(context(disk), [trash(FILE)]);
  expect(outcome).toMatchObject({ type: 'problem', retry: 'later' });
  expect(done).toEqual([]);
});

it('waits for no disk to change a time', async () => {
  await changeServerTree(context(watched()), [{ kind: 'setRemoteMetadata', id: FILE, mtimeMs: 1, executable: null }]);
  expect(done).toEqual(['sent']);
});
