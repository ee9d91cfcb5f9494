import { writeFile } from 'node:fs/promises';
import { request as plain, type RequestOptions } from 'node:http';
import { request as encrypted } from 'node:https';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigFault, readConfig } from '../../server/config.ts';
import { paths } from '../../shared/api/paths.ts';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';
import { Client, freshServer, freshUser, refusal, temporaryFolder, text } from './harness.ts';

const settings = (env: Record<string, string>) => {
  const { transport, rates } = readConfig({}, env);
  return { transport, rates };
};

async function certificateFiles() {
  const folder = await temporaryFolder();
  const [TLS_CERT, TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(TLS_CERT, CERTIFICATE);
  await writeFile(TLS_KEY, PRIVATE_KEY);
  return { TLS_CERT, TLS_KEY };
}

interface Answered {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** `fetch` lets nobody choose the Host, nor a certificate. */
const ask = (url: string, options: RequestOptions & { ca?: string } = {}): Promise<Answered> =>
  new Promise((resolve, reject) => {
    (url.startsWith('https') ? encrypted : plain)(url, { agent: false, ...options }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });

/** An address of this computer that is not loopback. */
const outward = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address;

test('the server encrypts with the certificate that it is given', async () => {
  const { url } = await freshServer(settings(await certificateFiles()));
  expect(url).toMatch(/^https:/);
  expect((await ask(`${url}/health`, { ca: CERTIFICATE })).status).toBe(200);
  await expect(ask(`${url}/health`, { ca: CERTIFICATE, maxVersion: 'TLSv1.1' } as RequestOptions)).rejects.toThrow();
});

test('a certificate that cannot be used refuses the start and names its variable', async () => {
  const files = await certificateFiles();
  const missing = freshServer(settings({ ...files, TLS_KEY: '/nowhere/key.pem' }));
  await expect(missing).rejects.toThrow(/^The file \/nowhere\/key.pem that TLS_KEY names cannot be read\./);
  const swapped = freshServer(settings({ TLS_CERT: files.TLS_KEY, TLS_KEY: files.TLS_CERT }));
  await expect(swapped).rejects.toThrow('TLS_CERT and TLS_KEY do not go together');
  expect(() => settings({ TLS_CERT: files.TLS_CERT })).toThrow(/TLS_KEY is not\. /);
  expect(() => settings({ TLS_KEY: files.TLS_KEY })).toThrow(/TLS_CERT is not\. /);
});

test('beyond loopback the server does not listen without a certificate or a proxy that is named', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.test']) {
    const refused = await freshServer({ host }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigFault);
    expect(String(refused)).toMatch(/TLS_CERT and TLS_KEY.*TRUSTED_PROXIES/);
  }
  const { port } = await freshServer({ host: '0.0.0.0', ...settings(await certificateFiles()) });
  expect((await ask(`https://localhost:${port}/health`, { ca: CERTIFICATE })).status).toBe(200);
});

test('an address that this computer does not have is told as such', async () => {
  const { transport } = settings({ TRUSTED_PROXIES: 'loopback' });
  await expect(freshServer({ host: '203.0.113.7', transport })).rejects.toThrow('not an address of this computer');
});

test('a proxy is named by its address or network, and nothing else', () => {
  const list = readConfig({}, { TRUSTED_PROXIES: 'loopback, 10.0.0.0/24, 192.0.2.7, 2001:db8::/32' }).transport.proxies;
  expect(list?.check('10.0.0.9', 'ipv4')).toBe(true);
  expect(list?.check('10.0.1.9', 'ipv4')).toBe(false);
  expect(list?.check('2001:db8::1', 'ipv6')).toBe(true);
  expect(list?.check('127.3.2.1', 'ipv4')).toBe(true);
  for (const wrong of ['caddy', '10.0.0.0/33', '10.0.0.0/x', '10.0.0/24', '1.2.3.4/5/6']) {
    expect(() => readConfig({}, { TRUSTED_PROXIES: wrong })).toThrow('TRUSTED_PROXIES');
  }
});

test('what a proxy says of the asker counts from a trusted one only', async () => {
  const signIn = async (url: string, from: string) => {
    const client = new Client(url, '');
    const answer = await client.fetch(paths.devices, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({ name: 'a', platform: 'b', proof: { type: 'pairing', code: 'GUESS' } }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const behind = await freshServer({ transport: settings({ TRUSTED_PROXIES: '127.0.0.1' }).transport });
  const direct = await freshServer();
  for (let i = 0; i < 25; i += 1) {
    expect(await signIn(behind.url, `192.0.2.${i}`)).toBe(401);
    expect([401, 429]).toContain(await signIn(direct.url, `192.0.2.${i}`));
  }
  expect(await signIn(direct.url, '192.0.2.99')).toBe(429);
  expect(await signIn(behind.url, '192.0.2.99')).toBe(401);
});

test.skipIf(!outward)('whoever comes past the proxy is turned away', async () => {
  const { transport } = settings({ TRUSTED_PROXIES: '203.0.113.9' });
  const { port } = await freshServer({ host: '0.0.0.0', transport });
  expect((await ask(`http://${outward}:${port}/health`)).status).toBe(403);
  expect((await ask(`http://127.0.0.1:${port}/health`)).status).toBe(200);
});

test('requests beyond the limit are told when to come back; users and kinds are counted apart', async () => {
  const rates = { signIn: 2, metadata: 5, bytes: 3 };
  const { client, server } = await freshUser({ rates });
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  for (let i = 0; i < 5; i += 1) await client.usage();
  const answer = await client.fetch(paths.usage);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ code: 'too-many-requests', title: expect.stringMatching(/Try again/) });
  await lee.usage();
  const node = await client.put('a', text('a'));
  await client.download(node);
  await client.download(node);
  expect((await refusal(client.download(node))).code).toBe('too-many-requests');
  const session = () => refusal(client.json('POST', paths.sessions, { deviceId: node.id, secret: 'dls_x' }));
  expect((await session()).code).toBe('unauthenticated');
  expect((await session()).code).toBe('unauthenticated');
  expect((await session()).code).toBe('too-many-requests');
  for (let i = 0; i < 20; i += 1) expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test('clients of earlier systems are told when to come back, too', async () => {
  const { client } = await freshUser({ rates: { signIn: null, metadata: 1, bytes: null } });
  await (await client.fetch('/api/files')).arrayBuffer();
  const answer = await client.fetch('/api/files');
  expect([answer.status, await answer.json()]).toMatchObject([429, { success: false, code: 'too-many-requests' }]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a server of this computer’s own is not throttled unless that is said', () => {
  expect(settings({}).rates).toEqual({ signIn: null, metadata: null, bytes: null });
  expect(settings({ RATE_METADATA: '7' }).rates).toEqual({ signIn: null, metadata: 7, bytes: null });
  const exposed = readConfig({ host: '0.0.0.0' }, { RATE_BYTES: 'off' }).rates;
  expect(exposed).toEqual({ signIn: 30, metadata: 1_200, bytes: null });
  expect(() => settings({ RATE_SIGN_IN: 'often' })).toThrow('RATE_SIGN_IN');
});

test('browsers of the origins that are named may ask, and read the answer; others may not', async () => {
  const { server } = await freshUser({ allowedOrigins: ['https://app.example.test'] });
  const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } };
  const asked = (origin: string) =>
    ask(server.url + paths.usage, { ...preflight, headers: { ...preflight.headers, origin } });
  const allowed = await asked('https://app.example.test');
  expect(allowed.status).toBe(204);
  expect(allowed.headers['access-control-allow-origin']).toBe('https://app.example.test');
  expect(allowed.headers['access-control-allow-methods']).toContain('PUT');
  expect((await asked('https://evil.example')).status).toBe(403);
  const read = await ask(`${server.url}/health`, { headers: { origin: 'https://app.example.test' } });
  expect(read.headers['access-control-expose-headers']).toContain('etag');
});

test('an event stream can be read by the origins that are named', async () => {
  const { client } = await freshUser({ allowedOrigins: ['https://app.example.test'] });
  const stream = await client.fetch(paths.events, { headers: { origin: 'https://app.example.test' } });
  expect(stream.headers.get('access-control-allow-origin')).toBe('https://app.example.test');
  await stream.body?.cancel();
});

test('every answer tells browsers to sniff nothing, frame nothing and run nothing', async () => {
  const { client } = await freshUser();
  const node = await client.put('page.html', text('<script>alert(1)</script>'));
  for (const path of ['/health', '/nowhere', paths.usage, paths.content(node.id), paths.events]) {
    const answer = await client.fetch(path);
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(answer.headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(answer.headers.get('x-frame-options'), path).toBe('DENY');
    await answer.body?.cancel();
  }
  const download = await client.fetch(paths.content(node.id));
  expect(download.headers.get('content-disposition')).toMatch(/^attachment;/);
  expect(download.headers.get('content-type')).toBe('application/octet-stream');
  expect(download.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
});
