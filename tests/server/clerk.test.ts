import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ClerkConfig } from '../../server/auth/clerk.ts';
import type { EnrolledDevice, Me, Session, SignInMethods } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import type { StorageUsage } from '../../shared/api/storage.ts';
import { byHand } from './database.ts';
import { Client, freshServer, refusal } from './harness.ts';

const ISSUER = 'https://clerk.example.test';
const PARTY = 'https://app.example.test';
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
const mine = pair();
const pem = mine.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const KID = 'ins_1';

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1_000);

interface Making {
  readonly claims?: object;
  readonly header?: object;
  readonly key?: KeyObject;
  readonly signature?: (text: string) => Buffer;
}

/** A session token as Clerk makes them, but for what a test changes. */
function token({ claims, header, key = mine.privateKey, signature }: Making = {}): string {
  const now = seconds();
  const body = {
    azp: PARTY,
    iss: ISSUER,
    sub: 'user_1',
    sid: 'sess_1',
    iat: now,
    nbf: now - 10,
    exp: now + 60,
    ...claims,
  };
  const text = `${base64({ alg: 'RS256', typ: 'JWT', kid: KID, ...header })}.${base64(body)}`;
  const signed = signature ? signature(text) : sign('sha256', Buffer.from(text), key);
  return `${text}.${signed.toString('base64url')}`;
}

const CONFIG: ClerkConfig = {
  keys: { jwtKey: pem },
  publishableKey: `pk_test_${Buffer.from('clerk.example.test$').toString('base64')}`,
  issuer: ISSUER,
  authorizedParties: [PARTY],
};

async function withClerk(config: Partial<ClerkConfig> = {}) {
  const server = await freshServer({ clerk: { ...CONFIG, ...config } });
  return { server, as: (bearer: string) => new Client(server.url, bearer) };
}

test('a token of Clerk is good for every request, and its first makes the user with nothing stored', async () => {
  const { as } = await withClerk();
  const kim = as(token());
  expect(await kim.usage()).toMatchObject({
    usedBytes: 0,
    fileCount: 0,
    limitBytes: 10 * 2 ** 30,
  } satisfies Partial<StorageUsage>);
  const me = await kim.json<Me>('GET', paths.me);
  expect(me).toMatchObject({ name: 'user_1', role: 'user', plan: 'free' });
  const again = await as(token({ claims: { sid: 'sess_2' } })).json<Me>('GET', paths.me);
  expect(again.userId).toBe(me.userId);
});

test('requests that are the first at the same time make one user', async () => {
  const { as, server } = await withClerk();
  await Promise.all(Array.from({ length: 20 }, (_, i) => as(token({ claims: { sid: `sess_${i}` } })).usage()));
  const db = byHand(server.data);
  expect(db.prepare('select count(*) from users').pluck().get()).toBe(1);
  db.close();
});

test('every user of Clerk sees their own files only', async () => {
  const { as } = await withClerk();
  const [kim, lee] = [as(token()), as(token({ claims: { sub: 'user_2' } }))];
  const folder = await kim.createFolder('of kim');
  expect((await refusal(lee.node(folder.id))).code).toBe('not-found');
});

test('a token enrols a device, which then needs Clerk no more', async () => {
  const { as, server } = await withClerk();
  const device = await as(token()).json<EnrolledDevice>('POST', paths.devices, { name: 'laptop', platform: 'linux' });
  const { accessToken } = await as('').json<Session>('POST', paths.sessions, device);
  expect(await new Client(server.url, accessToken).json<Me>('GET', paths.me)).toMatchObject({ userId: device.userId });
});

test('the user is called by their e-mail address where the token has one that is free', async () => {
  const { as, server } = await withClerk();
  await server.addUser('taken@example.test');
  const nameOf = async (sub: string, email: string) =>
    (await as(token({ claims: { sub, email } })).json<Me>('GET', paths.me)).name;
  expect(await nameOf('user_1', 'kim@example.test')).toBe('kim@example.test');
  expect(await nameOf('user_2', 'taken@example.test')).toBe('user_2');
});

const other = pair();
const secretOfAll = (text: string): Buffer => createHmac('sha256', pem).update(text).digest();
test.each<[what: string, bearer: () => string]>([
  ['without a signature (alg none)', () => token({ header: { alg: 'none' }, signature: () => Buffer.alloc(0) })],
  ['signed with the public key as a secret (HS256)', () => token({ header: { alg: 'HS256' }, signature: secretOfAll })],
  ['signed by somebody else', () => token({ key: other.privateKey })],
  ['signed by somebody else, by a key unknown here', () => token({ key: other.privateKey, header: { kid: 'ins_2' } })],
  ['signed over other words', () => token().replace(/\.[^.]+\./, `.${base64({ sub: 'user_2', iss: ISSUER })}.`)],
  ['for another application (azp)', () => token({ claims: { azp: 'https://evil.example' } })],
  ['without an application (azp)', () => token({ claims: { azp: undefined } })],
  ['of another issuer', () => token({ claims: { iss: 'https://other.example.test' } })],
  ['without an issuer', () => token({ claims: { iss: undefined } })],
  ['that has expired', () => token({ claims: { exp: seconds() - 30 } })],
  ['that never expires', () => token({ claims: { exp: undefined } })],
  ['that is not valid yet', () => token({ claims: { nbf: seconds() + 60 } })],
  ['made in the future', () => token({ claims: { iat: seconds() + 60 } })],
  ['of a sign-in that is not finished', () => token({ claims: { sts: 'pending' } })],
  ['of nobody', () => token({ claims: { sub: '' } })],
  ['that is no token', () => 'a.b.c'],
])('a token %s proves nobody, and makes no user', async (_what, bearer) => {
  const { as, server } = await withClerk();
  expect((await refusal(as(bearer()).usage())).code).toBe('unauthenticated');
  const enrolling = as(bearer()).json('POST', paths.devices, { name: 'a', platform: 'b' });
  expect((await refusal(enrolling)).code).toBe('unauthenticated');
  const db = byHand(server.data);
  expect(db.prepare('select count(*) from users').pluck().get()).toBe(0);
  db.close();
});

test('a token that has been good is not any more once it expires', async () => {
  const { as } = await withClerk();
  const bearer = token({ claims: { exp: seconds() + 1 } });
  const kim = as(bearer);
  await kim.usage();
  await vi.waitFor(async () => expect((await refusal(kim.usage())).code).toBe('unauthenticated'), 20_000);
});

test('native clients whose tokens name no application are let in where that is said', async () => {
  const { as } = await withClerk({ authorizedParties: 'any' });
  expect((await as(token({ claims: { azp: undefined } })).usage()).usedBytes).toBe(0);
});

test('a user who is disabled here is kept out, whatever Clerk says', async () => {
  const { as, server } = await withClerk();
  await as(token()).usage();
  const db = byHand(server.data);
  db.prepare('update users set disabled_at = 1').run();
  db.close();
  expect((await refusal(as(token({ claims: { sid: 'sess_2' } })).usage())).code).toBe('unauthenticated');
});

test('without Clerk its tokens prove nobody; the ways of signing in are told to anybody', async () => {
  const { url } = await freshServer();
  expect((await refusal(new Client(url, token()).usage())).code).toBe('unauthenticated');
  const methods = ['enrolment-token', 'password', 'pairing'];
  expect(await (await fetch(url + paths.auth)).json()).toEqual({ methods, clerk: null });
  const { server } = await withClerk();
  const told = (await (await fetch(server.url + paths.auth)).json()) as SignInMethods;
  const { publishableKey } = CONFIG;
  expect(told).toEqual({ methods: [...methods, 'clerk'], clerk: { publishableKey } });
});

/** What Clerk's API answers when it is asked for the instance's keys. */
async function keyService(keys: unknown[], status = 200): Promise<string> {
  const service = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    service.close();
  });
  return `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
}
const jwk = { ...mine.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };

test('with the secret key the public ones are fetched, and one that is not among them is unknown', async () => {
  const apiUrl = await keyService([jwk]);
  const { as } = await withClerk({ keys: { secretKey: 'sk_test_1', apiUrl } });
  expect((await as(token()).usage()).usedBytes).toBe(0);
  const unknown = token({ key: other.privateKey, header: { kid: 'ins_2' } });
  expect((await refusal(as(unknown).usage())).code).toBe('unauthenticated');
});

test('with the secret key alone, what its instance has signed is good, and nothing else', async () => {
  const keys = { secretKey: 'sk_test_1', apiUrl: await keyService([jwk]) };
  const { as, server } = await withClerk({ keys, publishableKey: null, issuer: null, authorizedParties: 'any' });
  expect((await as(token({ claims: { azp: undefined } })).usage()).usedBytes).toBe(0);
  for (const bearer of [
    token({ key: other.privateKey }),
    token({ header: { alg: 'none' }, signature: () => Buffer.alloc(0) }),
    token({ claims: { sts: 'pending' } }),
  ]) {
    expect((await refusal(as(bearer).usage())).code).toBe('unauthenticated');
  }
  expect(await (await fetch(server.url + paths.auth)).json()).toMatchObject({ clerk: null });
});
