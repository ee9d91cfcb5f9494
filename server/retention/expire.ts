import type { UserId } from '../../shared/ids.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import { type Kept, oldestKept } from './kept.ts';
import { purge } from './purge.ts';
import { removeUnreferenced } from './unreferenced.ts';

/** Nodes and versions that one transaction lets go of. */
const AT_A_TIME = 100;
const DAY_MS = 24 * 3_600_000;

/**
 * Lets go of what was deleted or replaced longer ago than the server keeps it; and of the oldest, where an account keeps
 * more than another time its quota. In small transactions: nobody waits for long.
 */
export async function expireKept(services: Services, now: number, stopped: () => boolean): Promise<void> {
  const { keepDays } = services.config;
  const before = keepDays === null ? 0 : now - keepDays * DAY_MS;
  const users = await services.db.read.selectFrom('users').select('id').execute();
  for (const { id } of users) {
    let purged = 0;
    let freed = 0;
    for (let last = AT_A_TIME; last > 0 && !stopped(); ) {
      const step = await expireSome(services, id, before, now);
      last = step.purged;
      purged += step.purged;
      freed += step.freed;
    }
    if (purged > 0) services.log.info({ user: id, purged, freedBytes: freed }, 'what was kept long enough is let go');
  }
}

async function expireSome(
  services: Services,
  userId: UserId,
  before: number,
  now: number,
): Promise<{ purged: number; freed: number }> {
  const outcome = await services.db.write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const kept = await due(trx, userId, before, now);
    return { kept, released: await purge(trx, userId, kept) };
  });
  if (outcome.kept.length === 0) return { purged: 0, freed: 0 };
  services.wakeups.changed(userId);
  return { purged: outcome.kept.length, freed: await removeUnreferenced(services, userId, outcome.released) };
}

async function due(trx: Db, userId: UserId, before: number, now: number): Promise<Kept[]> {
  const expired = await oldestKept(trx, userId, before, AT_A_TIME);
  if (expired.length > 0) return expired;
  const user = await trx
    .selectFrom('users')
    .select(['kept_bytes', 'quota_bytes'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  let excess = user.quota_bytes === null ? 0 : user.kept_bytes - user.quota_bytes;
  const oldest: Kept[] = [];
  if (excess <= 0) return oldest;
  for (const kept of await oldestKept(trx, userId, now, AT_A_TIME)) {
    if (excess <= 0) break;
    oldest.push(kept);
    excess -= kept.size;
  }
  return oldest;
}
