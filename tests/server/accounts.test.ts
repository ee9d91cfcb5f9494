import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import type {
  ChangePassword,
  DeviceList,
  DeviceProof,
  EnrolledDevice,
  Me,
  Pairing,
  Session,
} from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import type { ActivityPage } from '../../shared/api/storage.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { byHand, environmentOf } from './database.ts';
import { Client, freshUser, refusal } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

const PASSWORD = 'correct horse battery';

/** A user with a password, on a server whose clock the test moves. */
async function withPassword() {
  // It stands still: hashing takes as long as it takes.
  let at = Date.now();
  const pass = (ms: number): void => {
    at += ms;
  };
  const clock = { now: () => at, every: () => () => undefined };
  const { server, client, user } = await freshUser({}, clock);
  await client.json('PUT', paths.password, { current: null, password: PASSWORD });
  const nobody = new Client(server.url, 'nothing');
  const enrol = (proof: DeviceProof, name = 'phone') =>
    nobody.json<EnrolledDevice>('POST', paths.devices, { name, platform: 'linux', proof });
  const session = async ({ deviceId, secret }: EnrolledDevice): Promise<Client> => {
    const { accessToken } = await nobody.json<Session>('POST', paths.sessions, { deviceId, secret });
    return new Client(server.url, accessToken);
  };
  return { pass, server, client, user, enrol, session, nobody };
}

const byPassword = (password: string, name = 'kim'): DeviceProof => ({ type: 'password', name, password });

test('a name and its password enrol a device', async () => {
  const { enrol, session, user } = await withPassword();
  const device = await enrol(byPassword(PASSWORD));
  expect(device.userId).toBe(user.id);
  expect(await (await session(device)).json<Me>('GET', paths.me)).toMatchObject({ name: 'kim', hasPassword: true });
});

test('a wrong password and an unknown name are told alike, and soon have to wait', async () => {
  const { enrol, pass } = await withPassword();
  const wrong = await refusal(enrol(byPassword('not the password')));
  expect(wrong).toMatchObject({ code: 'unauthenticated' });
  expect(await refusal(enrol(byPassword('not the password', 'nobody')))).toEqual(wrong);
  for (let i = 0; i < 5; i += 1) await refusal(enrol(byPassword('not the password')));
  const locked = await refusal(enrol(byPassword(PASSWORD)));
  expect(locked).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: expect.any(Number) });
  pass(2_000);
  expect(await enrol(byPassword(PASSWORD))).toMatchObject({ userId: expect.any(String) });
});

test('Retry-After says how long', async () => {
  const { enrol, nobody } = await withPassword();
  for (let i = 0; i < 6; i += 1) await refusal(enrol(byPassword('not the password')));
  const answer = await nobody.fetch(paths.devices, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'a', platform: 'b', proof: byPassword(PASSWORD) }),
  });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('1');
});

test('a pairing code lets one device in, once', async () => {
  const { client, enrol, user } = await withPassword();
  const { code } = await client.json<Pairing>('POST', paths.pairings);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  const typed = { type: 'pairing', code: ` ${code.toLowerCase().replace('-', ' ').replaceAll('0', 'o')}` } as const;
  const outcomes = await Promise.allSettled([enrol(typed), enrol(typed)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const enrolled = outcomes.find((outcome) => outcome.status === 'fulfilled');
  expect(enrolled?.value.userId).toBe(user.id);
  expect((await refusal(enrol(typed))).code).toBe('unauthenticated');
});

test('a pairing code is good for ten minutes, and until the next is made', async () => {
  const { client, enrol, pass } = await withPassword();
  const first = await client.json<Pairing>('POST', paths.pairings);
  const second = await client.json<Pairing>('POST', paths.pairings);
  expect((await refusal(enrol({ type: 'pairing', code: first.code }))).code).toBe('unauthenticated');
  pass(10 * 60_000 + 1);
  expect((await refusal(enrol({ type: 'pairing', code: second.code }))).code).toBe('unauthenticated');
});

test('guessing codes has to wait', async () => {
  const { enrol } = await withPassword();
  for (let i = 0; i < 21; i += 1) await refusal(enrol({ type: 'pairing', code: `GUESS${i}` }));
  expect((await refusal(enrol({ type: 'pairing', code: 'GUESS' }))).code).toBe('too-many-requests');
});

test('the command line makes a pairing code beside the running server', async () => {
  const { server, enrol, user } = await withPassword();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [SERVER_PROGRAM, 'users', 'pair', 'kim', '--data', server.data],
    {
      env: await environmentOf(server.data),
    },
  );
  const code = /\n(\w{4}-\w{4})\n$/.exec(stdout)?.[1] ?? '';
  expect(await enrol({ type: 'pairing', code })).toMatchObject({ userId: user.id });
});

test('devices are listed, the newest first, and the one that asks is known', async () => {
  const { enrol, session, pass } = await withPassword();
  const first = await enrol(byPassword(PASSWORD), 'laptop');
  pass(1_000);
  const second = await enrol(byPassword(PASSWORD), 'phone');
  const { devices } = await (await session(first)).json<DeviceList>('GET', paths.devices);
  expect(devices).toMatchObject([
    { id: second.deviceId, name: 'phone', seenAt: null, current: false },
    { id: first.deviceId, name: 'laptop', platform: 'linux', seenAt: expect.any(Number), current: true },
  ]);
});

test('a device that is revoked loses its session and its events at once, and the others keep theirs', async () => {
  const { enrol, session } = await withPassword();
  const lost = await enrol(byPassword(PASSWORD), 'lost');
  const [losing, keeping] = [await session(lost), await session(await enrol(byPassword(PASSWORD), 'kept'))];
  const events = await losing.fetch(paths.events);
  const others = await keeping.fetch(paths.events);
  expect((await losing.usage()).usedBytes).toBe(0);

  await keeping.json('DELETE', paths.device(lost.deviceId));
  expect((await refusal(losing.usage())).code).toBe('unauthenticated');
  expect(await events.text()).toContain('event: changes');
  expect((await refusal(session(lost))).code).toBe('unauthenticated');
  expect((await keeping.usage()).usedBytes).toBe(0);
  const reader = others.body?.getReader();
  await reader?.read();
  await keeping.createFolder('still told');
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('event: changes');
  await reader?.cancel();
});

test('a device of somebody else cannot be revoked', async () => {
  const { enrol, server, session } = await withPassword();
  const device = await enrol(byPassword(PASSWORD));
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect((await refusal(lee.json('DELETE', paths.device(device.deviceId)))).code).toBe('not-found');
  expect((await refusal(lee.json('DELETE', paths.device(':id')))).code).toBe('malformed');
  expect(await session(device)).toBeInstanceOf(Client);
});

test('what another process takes back ends within seconds', async () => {
  const { enrol, session, server, client } = await withPassword();
  const device = await enrol(byPassword(PASSWORD));
  const phone = await session(device);
  const events = await phone.fetch(paths.events);
  const byDevice = await client.fetch(paths.events);
  const db = byHand(server.data);
  db.pragma('foreign_keys = on');
  db.prepare('delete from devices where id = ?').run(device.deviceId as DeviceId);
  await vi.waitFor(async () => expect((await refusal(phone.usage())).code).toBe('unauthenticated'), 5_000);
  await events.text();

  db.prepare('update users set disabled_at = 1').run();
  await vi.waitFor(async () => expect((await refusal(client.usage())).code).toBe('unauthenticated'), 5_000);
  await byDevice.text();
  expect((await refusal(enrol(byPassword(PASSWORD)))).code).toBe('forbidden');
  db.close();
});

test('a password is changed by whoever knows the present one, or has an enrolment token', async () => {
  const { enrol, session, client } = await withPassword();
  const phone = await session(await enrol(byPassword(PASSWORD)));
  const change = (who: Client, current: string | null, password: string) =>
    who.json('PUT', paths.password, { current, password });
  expect((await refusal(change(phone, null, 'another password'))).code).toBe('forbidden');
  expect((await refusal(change(phone, 'not the password', 'another password'))).code).toBe('forbidden');
  await change(phone, PASSWORD, 'another password');
  expect((await refusal(enrol(byPassword(PASSWORD)))).code).toBe('unauthenticated');
  expect(await enrol(byPassword('another password'))).toBeDefined();
  await change(client, null, 'a third password');
  expect(await enrol(byPassword('a third password'))).toBeDefined();
});

/** Two devices of kim's, one of which changes the password. */
async function changingPassword(more: Partial<ChangePassword>, by: 'device' | 'token' = 'device') {
  const { enrol, session, client } = await withPassword();
  const [mine, theirs] = [await enrol(byPassword(PASSWORD), 'mine'), await enrol(byPassword(PASSWORD), 'theirs')];
  const [here, there] = [await session(mine), await session(theirs)];
  const pairing = await client.json<Pairing>('POST', paths.pairings);
  const body = { current: by === 'device' ? PASSWORD : null, password: 'another password', ...more };
  await (by === 'device' ? here : client).json('PUT', paths.password, body);
  return { here, there, theirs, session, client, paired: () => enrol({ type: 'pairing', code: pairing.code }) };
}

test('a new password ends the access of the other devices at once, and of whom a code would let in', async () => {
  const { here, there, theirs, session, client, paired } = await changingPassword({});
  expect((await here.usage()).usedBytes).toBe(0);
  expect((await refusal(there.usage())).code).toBe('unauthenticated');
  expect((await refusal(session(theirs))).code).toBe('unauthenticated');
  expect((await refusal(paired())).code).toBe('unauthenticated');
  const { activities } = await client.json<ActivityPage>('GET', paths.activity);
  expect(activities.filter(({ action }) => action === 'device-revoked')).toMatchObject([{ detail: 'theirs' }]);
});

test('a new password leaves the other devices in where that is asked for', async () => {
  const { there, paired } = await changingPassword({ otherDevices: 'keep' });
  expect((await there.usage()).usedBytes).toBe(0);
  expect(await paired()).toBeDefined();
});

test('a password that an enrolment token replaces ends the access of all devices', async () => {
  const { here, there } = await changingPassword({}, 'token');
  for (const device of [here, there]) expect((await refusal(device.usage())).code).toBe('unauthenticated');
});

test('the first password leaves all devices in', async () => {
  const { client, server } = await freshUser();
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'laptop', platform: 'linux' });
  const { accessToken } = await client.json<Session>('POST', paths.sessions, device);
  await client.json('PUT', paths.password, { current: null, password: PASSWORD });
  expect((await new Client(server.url, accessToken).usage()).usedBytes).toBe(0);
});

test('a password that is short is refused', async () => {
  const { client } = await freshUser();
  const short = client.json('PUT', paths.password, { current: null, password: 'short' });
  expect((await refusal(short)).code).toBe('malformed');
});
