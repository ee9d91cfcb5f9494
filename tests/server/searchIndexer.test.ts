import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { addUser } from '../../server/auth/users.ts';
import { searchIndexer } from '../../server/search/indexer.ts';
import { operate } from '../../server/tree/operations.ts';
import { beginRun } from '../../server/tree/sequence.ts';
import { openDatabasesOf } from './database.ts';
import { newNodeId, temporaryFolder } from './harness.ts';

/** A database with one folder that the index has not read, on a disk of which the test says how much is left. */
async function unread() {
  const db = await openDatabasesOf(await temporaryFolder());
  await beginRun(db.write);
  const { id: userId } = await addUser(db.write, 'kim', 'free', 'user');
  await operate(db.write, userId, [
    { type: 'createFolder', id: newNodeId(), parentId: null, name: 'Harbour', mtimeMs: 1 },
  ]);
  const disk = { room: 0, asked: () => undefined as unknown };
  const asked = new Promise((resolve) => {
    disk.asked = () => resolve(undefined);
  });
  const indexer = searchIndexer(db, pino({ level: 'silent' }), async () => {
    disk.asked();
    return disk.room;
  });
  onTestFinished(async () => {
    await indexer.stop();
    await db.close();
  });
  const waiting = async () => (await db.read.selectFrom('search_pending').selectAll().execute()).length;
  return { indexer, disk, asked, waiting };
}

test('what was not indexed before a start is indexed after it', async () => {
  const { disk, waiting } = await unread();
  disk.room = 1;
  await expect.poll(waiting).toBe(0);
});

test('the index takes nothing of the room that a full disk keeps for deletes, and goes on once there is more', async () => {
  const { indexer, disk, asked, waiting } = await unread();
  await asked;
  expect(await waiting()).toBe(1);
  disk.room = 1;
  indexer.nudge();
  await expect.poll(waiting).toBe(0);
});

test('after a stop nothing is begun any more', async () => {
  const { indexer, disk, waiting } = await unread();
  disk.room = 1;
  await indexer.stop();
  indexer.nudge();
  await indexer.stop();
  expect(await waiting()).toBe(1);
});
