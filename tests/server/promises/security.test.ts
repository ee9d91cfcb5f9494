import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { OldClient } from '../compat/scene.ts';
import { Client } from '../harness.ts';
import { sharedServer } from './scene.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ORIGIN = 'https://app.example.test';

const shared = sharedServer({
  allowedOrigins: [ORIGIN],
  maxFileBytes: 1_000,
  rates: { signIn: 3, metadata: null, bytes: null },
  screening: { allowedTypes: ['text/plain', 'application/octet-stream'], refusedTypes: [], clamav: null },
  clerk: {
    keys: { jwtKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    publishableKey: null,
    issuer: null,
    authorizedParties: [ORIGIN],
  },
});

/** A session token as Clerk makes them. */
function clerkToken(seconds = 60): string {
  const now = Math.floor(Date.now() / 1_000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { azp: ORIGIN, iss: 'https://clerk.example.test', sub: 'user_1', sid: 'sess_1', iat: now - 90 };
  const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ ...claims, nbf: now - 90, exp: now + seconds })}`;
  return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
}
const as = (token: string) => new OldClient(new Client(shared().server.url, token));

test('a token of Clerk is looked at on every request', async () => {
  await as(clerkToken()).upload('a.txt', 'a');
  expect(await as(clerkToken()).names('')).toEqual(['a.txt']);
  for (const token of ['', 'nonsense', clerkToken(-30), `${clerkToken()}x`]) {
    expect((await as(token).ask('GET', '/api/files')).status).toBe(401);
  }
});

test('a user’s files, and how much they are, are for that user alone', async () => {
  const [kim, lee] = [await shared().user(), await shared().user()];
  const { id } = await kim.old.upload('a.txt', 'mine');
  expect((await lee.old.ask('GET', `/api/files/${id}`)).status).toBe(404);
  expect((await lee.old.ask('DELETE', '/api/storage/file', { filePath: 'a.txt' })).status).toBe(404);
  expect((await lee.old.get('/api/storage/usage')).total_bytes).toBe(0);
});

test('a signed address needs no token, holds for an hour, and is no good when a letter of it is changed', async () => {
  const { old } = await shared().user();
  const { json } = await old.form('/api/storage/upload', { 'a.txt': 'shared' });
  const { fileUrl } = json.data;
  const status = async (url: string) => {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await status(fileUrl)).toBe(200);
  expect(await status(fileUrl.slice(0, -1) + (fileUrl.endsWith('A') ? 'B' : 'A'))).toBe(403);
  const at = (seconds: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  };
  at(3_590);
  expect(await status(fileUrl)).toBe(200);
  at(20);
  expect(await status(fileUrl)).toBe(410);
});

test('a type that is not allowed, and a file that is too large, are refused', async () => {
  const { old } = await shared().user();
  const page = await old.form('/api/files/upload', { 'page.html': '<script>' });
  expect([page.status, page.json.code]).toEqual([415, 'type-refused']);
  const large = await old.form('/api/files/upload', { 'large.txt': 'x'.repeat(1_001) });
  expect([large.status, large.json.code]).toEqual([413, 'too-large']);
  expect(await old.names('')).toEqual([]);
});

test('browsers may ask from the origins that are named, and from no other', async () => {
  const { token } = await shared().user();
  const ask = (origin: string) =>
    fetch(`${shared().server.url}/api/files`, { headers: { origin, authorization: `Bearer ${token}` } });
  expect((await ask(ORIGIN)).headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect((await ask('https://evil.example')).status).toBe(403);
});

test('who asks too often hears when to come back', async () => {
  const ask = () => fetch(`${shared().server.url}/api/v1/sessions`, { method: 'POST' });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await ask()).status);
  expect(statuses.at(-1)).toBe(429);
  expect(Number((await ask()).headers.get('retry-after'))).toBeGreaterThan(0);
});
