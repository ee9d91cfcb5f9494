import { expect, onTestFinished, test } from 'vitest';
import type { DeviceList } from '../../../shared/api/devices.ts';
import { paths } from '../../../shared/api/paths.ts';
import { byHand } from '../database.ts';
import { Client, contentOf, draft, newUploadId, randomBytes, refusal } from '../harness.ts';
import { type Fleet, startFleet } from './fleet.ts';

const SIZE = 1_000;
const WRITERS = 200;
const FITTING = 150;

/** A user, as a client of each copy. */
async function userOf(fleet: Fleet, name = 'kim'): Promise<readonly Client[]> {
  const token = await fleet.addUser(name);
  return fleet.urls.map((url) => new Client(url, token));
}

const nth = (clients: readonly Client[], i: number): Client => {
  const client = clients[i % clients.length];
  if (!client) throw new Error('there is no copy of the server');
  return client;
};

test('two hundred writers over three copies: no byte too many, every counter its sum, no gap in the sequence', async () => {
  const fleet = await startFleet(3);
  const clients = await userOf(fleet);
  const db = byHand(fleet.data);
  onTestFinished(() => void db.close());
  db.exec(`update users set quota_bytes = ${FITTING * SIZE + SIZE / 2}`);

  const outcomes = await Promise.all(
    Array.from({ length: WRITERS }, async (_, i) => {
      const content = contentOf(randomBytes(SIZE, `writer ${i}`));
      const file = draft(content, `${i}.bin`);
      const [result] = await nth(clients, i).pack([{ draft: file, content }]);
      return result;
    }),
  );
  const stored = outcomes.flatMap((outcome) => (outcome?.ok ? outcome.nodes : []));
  const refused = outcomes.flatMap((outcome) => (outcome?.ok === false ? [outcome.problem.code] : []));
  expect(stored).toHaveLength(FITTING);
  expect(new Set(refused)).toEqual(new Set(['quota-exceeded']));
  await Promise.all(stored.slice(0, 50).map((node, i) => nth(clients, i).moveTo(node, null, `moved ${node.name}`)));
  await Promise.all(stored.slice(50, 90).map((node, i) => nth(clients, i).trash(node)));

  const changes = FITTING + 50 + 40;
  expect(db.prepare('select head_seq, used_bytes, kept_bytes, file_count from users').raw().get()).toEqual([
    changes,
    (FITTING - 40) * SIZE,
    40 * SIZE,
    FITTING - 40,
  ]);
  expect(db.prepare('select count(*), min(seq), max(seq) from changes').raw().get()).toEqual([changes, 1, changes]);
  expect(db.prepare(`select sum(size), count(*) from nodes where state = 'live'`).raw().get()).toEqual([
    (FITTING - 40) * SIZE,
    FITTING - 40,
  ]);
  expect(db.prepare('select sum(bytes), sum(files) from usage_breakdown').raw().get()).toEqual([
    (FITTING - 40) * SIZE,
    FITTING - 40,
  ]);
  for (const client of clients) expect((await client.changes()).nodes).toHaveLength(FITTING);
});

test('uploads that reserve at once on several copies never reserve more than there is', async () => {
  const fleet = await startFleet(3);
  const clients = await userOf(fleet);
  const db = byHand(fleet.data);
  onTestFinished(() => void db.close());
  db.exec(`update users set quota_bytes = ${20 * SIZE}`);
  const content = contentOf(randomBytes(SIZE, 'reserved'));
  const opened = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) => nth(clients, i).open(newUploadId(), draft(content, `${i}.bin`))),
  );
  expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  expect(db.prepare('select reserved_bytes from users').pluck().get()).toBe(20 * SIZE);
});

test('a change accepted by one copy wakes the streams of another, and a device taken back ends there at once', async () => {
  const fleet = await startFleet(2);
  const clients = await userOf(fleet);
  const here = nth(clients, 0);
  const enrolled = await here.json<{ deviceId: string; secret: string }>('POST', paths.devices, {
    name: 'laptop',
    platform: 'linux',
  });
  const { accessToken } = await here.json<{ accessToken: string }>('POST', paths.sessions, {
    deviceId: enrolled.deviceId,
    secret: enrolled.secret,
  });
  const there = new Client(fleet.urls[1] ?? '', accessToken);
  const stream = await there.fetch(paths.events);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const until = async (words: string): Promise<void> => {
    while (!heard.includes(words)) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) throw new Error(`the stream ended before: ${words}`);
      heard += value;
    }
  };
  await until('{"head":0}');
  await here.createFolder('from another copy');
  await until('"head":1}');
  const devices = await here.json<DeviceList>('GET', paths.devices);
  expect(devices.devices).toHaveLength(1);
  await here.json('DELETE', paths.device(enrolled.deviceId as never));
  await expect(until('never said')).rejects.toThrow();
  expect((await refusal(there.changes())).code).toBe('unauthenticated');
});

test('an upload begun at one copy goes on at another, which takes it over or waits until it may', async () => {
  const fleet = await startFleet(2);
  const [first, second] = await userOf(fleet);
  if (!first || !second) throw new Error('there are no two copies');
  const content = contentOf(randomBytes(3_000_000, 'handed over'));
  const uploadId = newUploadId();
  await first.open(uploadId, draft(content, 'handed over.bin'));
  const parts = await first.manifest(uploadId, content.chunks);
  for (const part of parts) await first.part(uploadId, part, content.bytes);
  expect(await refusal(second.status(uploadId))).toMatchObject({ status: 503, retryAfterSeconds: 1 });
  await expect
    .poll(
      () =>
        second.status(uploadId).then(
          ({ state }) => state,
          () => 'busy',
        ),
      { timeout: 10_000 },
    )
    .toBe('open');
  expect((await second.status(uploadId)).parts.every(({ received }) => received)).toBe(true);
  const node = await second.complete(uploadId, content.contentId);
  expect((await first.download(node)).equals(content.bytes)).toBe(true);
});

test('what a copy had begun when it was killed is taken up by another at once', async () => {
  const fleet = await startFleet(2);
  const [first, second] = await userOf(fleet);
  if (!first || !second) throw new Error('there are no two copies');
  const content = contentOf(randomBytes(1_000_000, 'orphaned'));
  const uploadId = newUploadId();
  await first.open(uploadId, draft(content, 'orphaned.bin'));
  const parts = await first.manifest(uploadId, content.chunks);
  for (const part of parts) await first.part(uploadId, part, content.bytes);
  await fleet.kill(0);
  await expect
    .poll(
      () =>
        second.complete(uploadId, content.contentId).then(
          ({ name }) => name,
          () => 'busy',
        ),
      { timeout: 10_000 },
    )
    .toBe('orphaned.bin');
});
