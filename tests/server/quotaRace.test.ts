import { expect, test } from 'vitest';
import { GiB } from '../../shared/bytes.ts';
import { byHand } from './database.ts';
import {
  Client,
  contentOf,
  draft,
  freshServer,
  freshUser,
  newUploadId,
  Refused,
  randomBytes,
  startOn,
  temporaryFolder,
} from './harness.ts';

test('a limit for everybody is that of the default plan, for whoever is there already and whoever comes', async () => {
  const data = await temporaryFolder();
  const first = await startOn({ data, port: 0 });
  const kim = (await first.addUser('kim')).token;
  const gold = (await first.addUser('gold', 'gold')).token;
  await first.close();
  const { url, addUser } = await freshServer({ data, defaultQuotaBytes: 5_000 });
  const tokens = [kim, (await addUser('lee')).token, gold];
  const limits = await Promise.all(tokens.map(async (token) => (await new Client(url, token).usage()).limitBytes));
  expect(limits).toEqual([5_000, 5_000, 100 * GiB]);
});

const PARALLEL = 200;
const SIZE = 1_000;
const FITTING = 37;

/** A user whose quota has room for exactly 37 more files, and half of one. */
async function nearlyFull() {
  const { server, client } = await freshUser();
  await client.put('before', contentOf(randomBytes(500, 'before')));
  const db = byHand(server.data);
  db.prepare('update users set quota_bytes = ?').run(500 + FITTING * SIZE + SIZE / 2);
  const counters = () => {
    const held = db.prepare('select used_bytes, reserved_bytes, file_count from users').get();
    const sums = db
      .prepare(
        `select (select sum(size) from nodes where state = 'live') as used_bytes,
           (select coalesce(sum(reserved_bytes), 0) from uploads where state = 'open') as reserved_bytes,
           (select count(*) from nodes where state = 'live') as file_count`,
      )
      .get();
    return { held, sums };
  };
  return { client, counters, close: () => db.close() };
}

/** What came of each: stored, or refused for want of room; anything else is a failure. */
const outcomeOf = async (work: Promise<unknown>): Promise<'stored' | 'full'> => {
  try {
    await work;
    return 'stored';
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'quota-exceeded') return 'full';
    throw error;
  }
};

test('of 200 uploads at once exactly those that fit are let in, and every counter is its sum', async () => {
  const { client, counters, close } = await nearlyFull();
  const outcomes = await Promise.all(
    Array.from({ length: PARALLEL }, (_, i) => outcomeOf(client.upload(`${i}`, contentOf(randomBytes(SIZE, `${i}`))))),
  );
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(FITTING);
  const { held, sums } = counters();
  expect(held).toEqual({ used_bytes: 500 + FITTING * SIZE, reserved_bytes: 0, file_count: FITTING + 1 });
  expect(held).toEqual(sums);
  close();
});

test('of 200 packs and uploads at once, mixed, no more come in than fit, and what was reserved is given back', async () => {
  const { client, counters, close } = await nearlyFull();
  const outcomes = await Promise.all(
    Array.from({ length: PARALLEL }, async (_, i) => {
      const content = contentOf(randomBytes(SIZE, `${i}`));
      if (i % 3 === 0) return outcomeOf(client.put(`${i}`, content));
      if (i % 3 === 1) return outcomeOf(client.upload(`${i}`, content));
      const uploadId = newUploadId();
      const opened = await outcomeOf(client.open(uploadId, draft(content, `${i}`)));
      if (opened === 'stored') await client.json('DELETE', `/api/v1/uploads/${uploadId}`);
      return 'given back';
    }),
  );
  const stored = outcomes.filter((outcome) => outcome === 'stored').length;
  const { held, sums } = counters();
  expect(held).toEqual({ used_bytes: 500 + stored * SIZE, reserved_bytes: 0, file_count: stored + 1 });
  expect(held).toEqual(sums);
  expect(stored).toBeLessThanOrEqual(FITTING);
  for (let i = stored; i < FITTING; i += 1) await client.put(`later ${i}`, contentOf(randomBytes(SIZE, `later ${i}`)));
  expect(await outcomeOf(client.put('one more', contentOf(randomBytes(SIZE, 'one more'))))).toBe('full');
  close();
});
