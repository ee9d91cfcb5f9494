import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { park } from '../../../main/engine/apply/local/move.ts';
import { recordParked } from '../../../main/engine/apply/record.ts';
import { parkingPlace } from '../../../main/engine/disk/tmp.ts';
import { lookAtParked } from '../../../main/engine/observe/parked.ts';
import { OwnWrites } from '../../../main/engine/scan/ownWrites.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import type { ContentId } from '../../../shared/ids.ts';
import { TestDisk } from '../apply/disk.ts';
import { random } from '../scan/folder.ts';

const HASHED = 'f'.repeat(64) as ContentId;
const id = random.nodeId();
let at: TestDisk;
let state: State;

beforeEach(async () => {
  at = await TestDisk.make();
  state = new State(openState(join(at.disk.root.path, '.driftless', 'state')));
  const stat = await at.write('a', 'old');
  const row = { id, kind: 'file', parentId: null, name: 'a', diskName: 'a', stat, contentId: HASHED } as const;
  state.local.put({ ...row, missingSince: null });
  await park(at.disk, { id, from: ['a'], expected: stat });
  recordParked(state, [id]);
});

afterEach(async () => {
  state.close();
  await at.delete();
});

const place = (): string => join(at.disk.root.path, ...parkingPlace(id));
const look = (ownWrites = new OwnWrites()): Promise<void> => lookAtParked({ ...at.disk, ownWrites }, state);

it('knows what lies parked and was not touched', async () => {
  await look();
  expect(state.local.get(id)).toMatchObject({ contentId: HASHED, missingSince: null });
});

it('sees what a program wrote into a file that lies parked', async () => {
  await appendFile(place(), ' and more');
  await look();
  expect(state.local.get(id)).toMatchObject({ contentId: null, stat: { size: 12 } });
});

it('takes for missing what is known as parked and does not lie there', async () => {
  await rm(place());
  await look();
  expect(state.local.get(id)?.missingSince).not.toBeNull();
});

it('leaves alone what this engine is giving its place just now', async () => {
  await rm(place());
  const ownWrites = new OwnWrites();
  const row = state.local.get(id);
  ownWrites.begin(row ? [row] : []);
  await look(ownWrites);
  expect(state.local.get(id)?.missingSince).toBeNull();
});
