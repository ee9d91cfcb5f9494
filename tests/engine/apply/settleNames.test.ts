import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Task } from '../../../main/engine/agenda.ts';
import type { LocalDisk } from '../../../main/engine/apply/local/localDisk.ts';
import { type UploadContext, uploadSmallFiles } from '../../../main/engine/apply/uploads.ts';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import type { Hasher } from '../../../main/engine/hash/hasher.ts';
import { readSmallFiles } from '../../../main/engine/hash/smallFiles.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { Tally } from '../../../main/engine/tally.ts';
import { cancelled } from '../../../main/engine/transfer/failure.ts';
import type { ServerApi } from '../../../main/engine/transfer/server.ts';
import { NodeId } from '../../../shared/ids.ts';
import { random, realClock } from '../scan/folder.ts';
import { TestDisk } from './disk.ts';

const FOLDER = NodeId.parse('00000000-0000-7000-8000-00000000000f');
const IDS = [1, 2].map((n) => NodeId.parse(`00000000-0000-7000-8000-00000000000${n}`));

let at: TestDisk;
let state: State;
let done: string[];

beforeEach(async () => {
  at = await TestDisk.make();
  state = new State(openState(join(at.disk.root.path, '.driftless', 'state')));
  done = [];
});

afterEach(async () => {
  state.close();
  await at.delete();
});

/** Two files of one folder are sent: told of what is made durable, and when. */
async function upload(baseContentRev: number | null, disk: LocalDisk) {
  const tasks: Task[] = [];
  for (const [i, id] of IDS.entries()) {
    const name = `file ${i}`;
    const stat = await at.write(`folder/${name}`);
    const place = { parentId: FOLDER, name };
    state.local.put({ id, kind: 'file', ...place, diskName: name, stat, contentId: null, missingSince: null });
    const operation = { kind: 'upload', id, stat, baseContentRev, place, executable: null } as const;
    tasks.push({ operation, lane: 'smallUp', signal: new AbortController().signal });
  }
  const top = { parentId: null, name: 'folder', diskName: 'folder', stat: await at.stat('folder') };
  state.local.put({ id: FOLDER, kind: 'folder', ...top, contentId: null, missingSince: null });
  const packUpload: ServerApi['packUpload'] = () => {
    done.push('sent');
    return Promise.reject(cancelled());
  };
  const context: UploadContext = {
    state,
    api: { packUpload } as Partial<ServerApi> as ServerApi,
    hasher: { readSmall: async (paths) => readSmallFiles(paths).files } as Partial<Hasher> as Hasher,
    random,
    disk,
    tally: new Tally(realClock),
    onFresh: () => undefined,
  };
  return uploadSmallFiles(context, tasks);
}

const watched = (): LocalDisk =>
  at.with({
    syncFolder: async (folder) => {
      done.push(folder);
      await nodeFilesystem.syncFolder(folder);
    },
  });

it('tells the server of other content under a name once the names in its folder are durable', async () => {
  await upload(1, watched());
  expect(done).toEqual([at.path('folder'), 'sent']);
});

it('does not tell the server of other content under a name that the disk could not make durable', async () => {
  const disk = at.with({ syncFolder: () => Promise.reject(Object.assign(new Error('failed'), { code: 'EIO' })) });
  const outcomes = await upload(1, disk);
  expect(outcomes).toMatchObject(IDS.map(() => ({ type: 'problem', retry: 'later' })));
  expect(done).toEqual([]);
  expect(IDS.flatMap((id) => state.sent.of(id))).toEqual([]);
});

it('waits for no disk to send what is new', async () => {
  await upload(null, watched());
  expect(done).toEqual(['sent']);
});
