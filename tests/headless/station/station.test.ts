import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stateDirFor } from '../../../main/headless/places.ts';
import { paths } from '../../../shared/api/paths.ts';
import { elsewhere, filesIn, home, type Stand, stand } from './scene.ts';

const PASSWORD = 'a long enough password';
const OK = { ok: true };

const connect = async (at: Stand, address: string, code: string) =>
  at.ask('setup.begin', { server: { kind: 'code', address, code } });

test('the first run asks once; what was chosen holds at the next start', async () => {
  const { places } = home();
  const own = await elsewhere();
  const first = await stand({ places, own });
  expect(first.setup()).toMatchObject({ needed: true, message: null });
  expect(await first.ask('setup.begin', { server: { kind: 'own' } })).toMatchObject(OK);
  expect(first.setup().needed).toBe(false);
  await first.close();
  const second = await stand({ places, own });
  expect(second.setup().needed).toBe(false);
});

test('who names a folder when starting is asked nothing', async () => {
  const { home: dir, places } = home();
  mkdirSync(join(dir, 'Pictures'));
  const at = await stand({ places, own: await elsewhere(), given: { folder: join(dir, 'Pictures') } });
  expect(at.setup().needed).toBe(false);
  expect(at.station.session?.folder).toBe(join(dir, 'Pictures'));
});

test('the app syncs nothing before a person has chosen a folder and a server', async () => {
  const { home: dir, places } = home();
  const chosen = join(dir, 'Pictures');
  mkdirSync(chosen);
  writeFileSync(join(chosen, 'a.txt'), 'a');
  const own = await elsewhere();
  const at = await stand({ places, own, waitsForPerson: true, chooseFolder: async () => chosen });
  expect(at.station.session).toBeNull();
  expect(await at.ask('library.rows', { view: 1, from: 0, to: 1 })).toMatchObject({ code: 'not-running' });
  expect(await at.ask('setup.chooseFolder', {})).toEqual({ ok: true, value: chosen });
  expect(await at.ask('setup.begin', { server: { kind: 'own' } })).toMatchObject(OK);
  const uploaded = await expect.poll(() => own.names(), { timeout: 5_000 });
  await uploaded.toEqual(['a.txt']);
  expect(at.setup()).toMatchObject({ needed: false, folder: chosen });
  await at.close();
  const again = await stand({ places, own, waitsForPerson: true });
  expect(again.station.session?.folder).toBe(chosen);
});

test('a window that looked before the choice goes on in one series of numbers after it', async () => {
  const { places } = home();
  const at = await stand({ places, own: await elsewhere(), waitsForPerson: true });
  const told: number[] = [];
  let synced = false;
  at.station.front.follow(({ n, slices }) => {
    told.push(n);
    synced ||= slices.sync?.state === 'idle';
  });
  await at.ask('setup.begin', { server: { kind: 'own' } });
  await expect.poll(() => synced, { timeout: 10_000 }).toBe(true);
  expect(told).toEqual(told.map((_n, i) => (told[0] ?? 0) + i));
  expect(told[0]).toBe(1);
});

test('another server is offered all files, and nothing is deleted anywhere', async () => {
  const { places } = home();
  const [own, other] = await Promise.all([elsewhere(), elsewhere()]);
  const at = await stand({ places, own });
  await at.ask('setup.begin', { server: { kind: 'own' } });
  writeFileSync(join(places.folder, 'mine.txt'), 'mine');
  await at.settled();
  expect(await connect(at, other.url, await other.code())).toMatchObject(OK);
  await at.settled();
  expect(filesIn(places.folder)).toEqual(['mine.txt']);
  expect([await own.names(), await other.names()]).toEqual([['mine.txt'], ['mine.txt']]);
  expect(at.snapshot().account?.server ?? new URL(other.url).host).toBe(new URL(other.url).host);
  expect(await connect(at, other.url, await other.code())).toMatchObject(OK);
  await at.close();
  const again = await stand({ places, own });
  await again.settled();
  expect(again.station.session?.engine.status().state).toBe('idle');
  // Who signs in once more is one device, not two.
  expect(await other.devices()).toHaveLength(1);
});

test('signing out takes the device off the server’s list, forgets the secret, and leaves the files', async () => {
  const { places } = home();
  const other = await elsewhere();
  await other.setPassword(PASSWORD);
  const at = await stand({ places, own: await elsewhere() });
  await connect(at, other.url, await other.code());
  writeFileSync(join(places.folder, 'kept.txt'), 'kept');
  await at.settled();
  expect(await other.devices()).toHaveLength(1);
  expect(await at.ask('account.signOut', {})).toMatchObject(OK);
  expect(await other.devices()).toHaveLength(0);
  expect(filesIn(places.folder)).toEqual(['kept.txt']);
  expect(at.setup()).toMatchObject({
    ...{ needed: true, server: other.url },
    message: expect.stringMatching(/^You are signed out, and your files stay/),
  });
  await at.close();

  const again = await stand({ places, own: at.own });
  expect(again.station.session).toBeNull();
  expect(again.setup()).toMatchObject({ needed: true, server: other.url });
  const server = { kind: 'password', address: other.url, name: 'ann', password: PASSWORD } as const;
  expect(await again.ask('setup.begin', { server })).toMatchObject(OK);
  await again.settled();
  expect([filesIn(places.folder), await other.names()]).toEqual([['kept.txt'], ['kept.txt']]);
  expect(again.station.session?.engine.summary()).toMatchObject({ uploaded: 0, conflicts: 0 });
});

test('signing out while the server is away says that it could not be told', async () => {
  const { places } = home();
  const other = await elsewhere();
  const at = await stand({ places, own: await elsewhere() });
  await connect(at, other.url, await other.code());
  await other.server.close();
  expect(await at.ask('account.signOut', {})).toMatchObject(OK);
  expect(at.setup().message).toMatch(/could not be told: take this device off the list on another device\.$/);
});

test('a device that was signed out elsewhere shows its library, and asks to sign in again', async () => {
  const { places } = home();
  const other = await elsewhere();
  const at = await stand({ places, own: await elsewhere() });
  await connect(at, other.url, await other.code());
  writeFileSync(join(places.folder, 'kept.txt'), 'kept');
  await at.settled();
  const [device] = await other.devices();
  await other.as('DELETE', `${paths.devices}/${device?.id}`);
  void at.station.session?.engine.syncNow();
  await expect.poll(() => at.snapshot().account?.signInAgain, { timeout: 10_000 }).toMatch(/sign in again/);
  expect(at.snapshot().library.files).toBe(1);
  expect(await connect(at, other.url, await other.code())).toMatchObject(OK);
  await at.settled();
  expect(at.snapshot().account?.signInAgain ?? null).toBeNull();
});

test('a device that was signed out while it was off asks at its start', async () => {
  const { places } = home();
  const [own, other] = await Promise.all([elsewhere(), elsewhere()]);
  const at = await stand({ places, own });
  await connect(at, other.url, await other.code());
  const [device] = await other.devices();
  await at.close();
  await other.as('DELETE', `${paths.devices}/${device?.id}`);
  const again = await stand({ places, own });
  expect(again.setup()).toMatchObject({ needed: true, server: other.url, message: expect.stringMatching(/sign in/) });
});

test('another account of the same server is refused, and the present one goes on', async () => {
  const { places } = home();
  const other = await elsewhere();
  const at = await stand({ places, own: await elsewhere() });
  await connect(at, other.url, await other.code());
  const { token } = await other.server.addUser('ben');
  const pairing = await fetch(new URL(paths.pairings, other.url), {
    ...{ method: 'POST', body: '{}' },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  const { code } = (await pairing.json()) as { code: string };
  const refused = await connect(at, other.url, code);
  expect(refused).toMatchObject({ ok: false, message: expect.stringMatching(/another account of that server/) });
  await at.settled();
  expect(at.station.session?.engine.status().state).toBe('idle');
  const bens = await fetch(new URL(paths.devices, other.url), { headers: { authorization: `Bearer ${token}` } });
  expect(((await bens.json()) as { devices: unknown[] }).devices).toEqual([]);
});

test('another folder goes on as the same device, and the one before stays as it is', async () => {
  const { home: dir, places } = home();
  const other = await elsewhere();
  const chosen = join(dir, 'Pictures');
  mkdirSync(chosen);
  const at = await stand({ places, own: await elsewhere(), chooseFolder: async () => chosen });
  await connect(at, other.url, await other.code());
  writeFileSync(join(places.folder, 'a.txt'), 'a');
  await at.settled();
  expect(await at.ask('setup.chooseFolder', {})).toMatchObject(OK);
  await at.settled();
  expect([filesIn(places.folder), filesIn(chosen)]).toEqual([['a.txt'], ['a.txt']]);
  expect(await other.devices()).toHaveLength(1);
  expect(stateDirFor(chosen, places)).not.toBe(stateDirFor(places.folder, places));
});

/** Something else that speaks HTTP. */
async function stranger(answer: (path: string) => { status: number; body: unknown }): Promise<string> {
  const server = createServer((request, response) => {
    const { status, body } = answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('whatever keeps one out is one sentence with a next step, and leaves everything as it was', async () => {
  const { places } = home();
  const own = await elsewhere();
  const at = await stand({ places, own });
  const web = await stranger(() => ({ status: 200, body: { hello: 'world' } }));
  const old = await stranger((path) =>
    path === paths.health
      ? { status: 200, body: { status: 'ok', version: '0.0.1' } }
      : { status: 404, body: { error: 'no such route' } },
  );
  const code = 'AAAA-BBBB';
  const cases: [Parameters<Stand['ask']>[1], RegExp][] = [
    [{ server: { kind: 'code', address: own.url, code } }, /code is wrong.*Have a new one shown\.$/],
    [
      { server: { kind: 'password', address: own.url, name: 'ann', password: 'no' } },
      /name or the password is wrong.*again\.$/,
    ],
    [{ server: { kind: 'code', address: 'http://127.0.0.1:9', code } }, /at 127\.0\.0\.1:9 cannot be reached: check/],
    [{ server: { kind: 'code', address: 'http://files.example.org', code } }, /in the clear.*use https:/],
    [{ server: { kind: 'code', address: 'nonsense', code } }, /is not one: write it like https:/],
    [{ server: { kind: 'code', address: web, code } }, /is not a Driftless server: check the address\.$/],
    [{ server: { kind: 'code', address: old, code } }, /too old.*ask whoever runs it to update it\.$/],
    [{ server: { kind: 'clerk', address: own.url } }, /no sign-in page: use a code or a password\.$/],
  ];
  for (const [input, sentence] of cases) {
    const outcome = await at.ask('setup.begin', input as never);
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(sentence) });
  }
  await at.settled();
  expect(at.station.session?.engine.status().state).toBe('idle');
  expect(at.setup()).toMatchObject({ needed: true, message: null });
});

test('a server says which ways in it has', async () => {
  const own = await elsewhere();
  const at = await stand({ places: home().places, own });
  expect(await at.ask('setup.ways', { address: own.url })).toEqual({
    ok: true,
    value: { code: true, password: true, clerk: false },
  });
});
