import { recordEvent } from '../audit/record.ts';
import type { Db, QuarantineRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { draftOf } from './draft.ts';
import { putBack } from './putBack.ts';

/** A row whose bytes have not arrived for so long, in ms, is what a crash has left. */
const ARRIVING_MS = 3_600_000;

/**
 * Notes that a file is to go where it was meant to go; the server carries that out, at once or when it is there again.
 * The command line notes the same beside a running server.
 */
export const free = (db: Db, id: string): Promise<void> => change(db, id, ['held'], 'freed', 'quarantine-release');

/** Notes that a file is to be deleted, or that content which was released is to be looked at again. */
export const forget = (db: Db, id: string): Promise<void> =>
  change(db, id, ['held', 'released'], 'gone', 'quarantine-delete');

type State = QuarantineRow['state'];

async function change(
  db: Db,
  id: string,
  from: readonly State[],
  state: State,
  action: 'quarantine-release' | 'quarantine-delete',
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('quarantine')
      .set({ state })
      .where('id', '=', id)
      .where('state', 'in', [...from])
      .returning(['user_id', 'draft', 'why'])
      .executeTakeFirst();
    if (!row) throw refuse('not-found', 'There is no such file in quarantine. Look at the list again.');
    await recordEvent(trx, { userId: row.user_id, action, path: draftOf(row).name, detail: row.why });
  });
}

/** Carries out what was noted of one file. Throws the refusal of a release that cannot be; the file is held again then. */
export async function settle(services: Services, id: string): Promise<void> {
  const { db, content } = services;
  const row = await db.read.selectFrom('quarantine').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || row.state === 'held') return;
  if (row.state === 'freed') await putBack(services, row);
  if (row.key !== null) await content.remove([{ store: row.store, key: row.key }]);
  if (row.state === 'gone' || row.state === 'arriving') {
    await db.write.deleteFrom('quarantine').where('id', '=', id).where('state', '=', row.state).execute();
  } else {
    await db.write.updateTable('quarantine').set({ key: null }).where('id', '=', id).execute();
  }
}

/** Carries out what the command line has noted, what a crash has left, and lets go of what was kept long enough. */
export async function settleAll(services: Services, now: number): Promise<void> {
  const { db, config, log } = services;
  if (config.keepDays !== null) {
    const before = now - config.keepDays * 24 * 3_600_000;
    await db.write
      .updateTable('quarantine')
      .set({ state: 'gone' })
      .where('state', '=', 'held')
      .where('at', '<', before)
      .execute();
  }
  const rows = await db.read
    .selectFrom('quarantine')
    .select(['id', 'state', 'at'])
    .where('state', '<>', 'held')
    .where('key', 'is not', null)
    .execute();
  for (const { id, state, at } of rows) {
    if (state === 'arriving' && at > now - ARRIVING_MS) continue;
    await settle(services, id).catch((error: unknown) =>
      log.error({ err: error, file: id }, 'what was asked of a file in quarantine could not be done'),
    );
  }
}
