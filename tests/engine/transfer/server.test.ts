import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpClient } from '../../../main/engine/transfer/http.ts';
import { connectServer, type ServerApi } from '../../../main/engine/transfer/server.ts';
import { problem } from '../../../shared/api/problem.ts';
import { MiB } from '../../../shared/bytes.ts';
import { DeviceId } from '../../../shared/ids.ts';
import { openAccount } from './account.ts';
import { newNodeId, newUploadId, systemClock } from './systemPorts.ts';

const connect = (url: string): ServerApi => connectServer({ url, clock: systemClock, limitUp: null, limitDown: null });

/** An HTTP server that is anything but Driftless. */
async function strangerAt(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const enrolAt = (url: string): Promise<unknown> => connect(url).enrol('token', { name: 'x', platform: 'x' });

describe('a session', () => {
  it('is opened by the first request and shared by those after it', async () => {
    const { api, relay } = await openAccount();
    await Promise.all([api.me(), api.me(), api.changes('0')]);
    expect(relay.passed.filter(({ path }) => path.endsWith('/sessions'))).toHaveLength(1);
  });

  it('is opened again no more than once when requests go on being refused', async () => {
    let refusals = 0;
    const url = await strangerAt((request, response) => {
      if (request.url === '/api/v1/sessions') response.end(JSON.stringify({ accessToken: 'token', expiresAt: 0 }));
      else {
        refusals += 1;
        response.writeHead(401).end();
      }
    });
    const api = connect(url);
    api.signIn({ deviceId: DeviceId.parse(newNodeId()), secret: 'secret' });
    await expect(api.me()).rejects.toMatchObject({ reason: { kind: 'unauthenticated' } });
    expect(refusals).toBe(2);
  });

  it('that has run out is renewed without the caller noticing', async () => {
    let valid = 'first';
    let opened = 0;
    const url = await strangerAt((request, response) => {
      if (request.url === '/api/v1/sessions') {
        opened += 1;
        response.end(JSON.stringify({ accessToken: valid, expiresAt: 0 }));
      } else if (request.headers.authorization === `Bearer ${valid}`) {
        response.end(JSON.stringify({ nodes: [], cursor: '0', caughtUp: true }));
      } else response.writeHead(401).end();
    });
    const api = connect(url);
    api.signIn({ deviceId: DeviceId.parse(newNodeId()), secret: 'secret' });
    await api.changes('0');
    valid = 'second';
    expect(await api.changes('0')).toMatchObject({ caughtUp: true });
    expect(opened).toBe(2);
  });

  it('that runs out during an upload costs the part, not the upload: its body is sent again', async () => {
    const bodies: number[] = [];
    const url = await strangerAt((request, response) => {
      if (request.url === '/api/v1/sessions') {
        response.end(JSON.stringify({ accessToken: 'token', expiresAt: 0 }));
        return;
      }
      let bytes = 0;
      request.on('data', (piece: Buffer) => {
        bytes += piece.length;
      });
      request.on('end', () => {
        bodies.push(bytes);
        response.writeHead(bodies.length === 1 ? 401 : 204).end();
      });
    });
    const api = connect(url);
    api.signIn({ deviceId: DeviceId.parse(newNodeId()), secret: 'secret' });
    await api.putPart(newUploadId(), 0, { length: 3, pieces: () => [Buffer.from('one')] });
    expect(bodies).toEqual([3, 3]);
  });

  it('of an unknown device is refused', async () => {
    const { relay } = await openAccount();
    const api = connect(relay.url);
    api.signIn({ deviceId: DeviceId.parse(newNodeId()), secret: 'wrong' });
    await expect(api.me()).rejects.toMatchObject({ reason: { kind: 'unauthenticated' } });
  });

  it('is not even tried without a device', async () => {
    const { relay } = await openAccount();
    const before = relay.passed.length;
    await expect(connect(relay.url).me()).rejects.toMatchObject({ reason: { kind: 'unauthenticated' } });
    expect(relay.passed.length).toBe(before);
  });
});

describe('a failure', () => {
  it('is unauthenticated for a wrong enrolment token', async () => {
    const { relay } = await openAccount();
    await expect(enrolAt(relay.url)).rejects.toMatchObject({ reason: { kind: 'unauthenticated' } });
  });

  it("is the server's own problem where it names one", async () => {
    const { api } = await openAccount();
    await expect(api.uploadStatus(newUploadId())).rejects.toMatchObject({
      name: 'ServerFailure',
      reason: { kind: 'problem', problem: { status: expect.any(Number), title: expect.stringMatching(/\w/) } },
    });
  });

  it('is offline where nobody listens', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(enrolAt(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      reason: { kind: 'offline', code: 'ECONNREFUSED' },
    });
  });

  it('is offline where the connection breaks before the answer', async () => {
    const url = await strangerAt((request) => request.socket.destroy());
    await expect(enrolAt(url)).rejects.toMatchObject({ reason: { kind: 'offline' } });
  });

  it('is offline where the connection breaks within the answer', async () => {
    const url = await strangerAt((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"half":', () => request.socket.destroy());
    });
    await expect(enrolAt(url)).rejects.toMatchObject({ reason: { kind: 'offline' } });
  });

  it('is offline where the other end falls silent', async () => {
    const url = await strangerAt(() => undefined);
    const http = new HttpClient(url, systemClock, null, null);
    onTestFinished(() => http.close());
    await expect(http.done({ method: 'GET', path: '/', silenceMs: 50 })).rejects.toMatchObject({
      reason: { kind: 'offline', code: 'no sign of life' },
    });
  });

  it('is offline where the other end stops taking the body', async () => {
    const url = await strangerAt((request) => request.pause());
    const http = new HttpClient(url, systemClock, null, null);
    onTestFinished(() => http.close());
    const piece = Buffer.alloc(1 * MiB);
    const body = { length: 500 * MiB, pieces: () => Array.from({ length: 500 }, () => piece) };
    await expect(http.done({ method: 'PUT', path: '/', body, silenceMs: 200 })).rejects.toMatchObject({
      reason: { kind: 'offline', code: 'no sign of life' },
    });
  });

  it('is not silence while bytes keep coming', async () => {
    const url = await strangerAt((_, response) => {
      let ticks = 0;
      const timer = setInterval(() => {
        ticks += 1;
        response.write('x');
        if (ticks < 12) return;
        clearInterval(timer);
        response.end();
      }, 50);
    });
    const http = new HttpClient(url, systemClock, null, null);
    onTestFinished(() => http.close());
    await http.done({ method: 'GET', path: '/', silenceMs: 400 });
    expect(http.traffic.bytesReceived).toBe(12);
  });

  it.each([
    ['a web page', 200, 'text/html', '<html>Welcome</html>'],
    ['other JSON', 200, 'application/json', '{"hello":"world"}'],
    ['a page that is not there', 404, 'text/html', 'Not Found'],
    ['a redirect', 302, 'text/plain', ''],
  ])('is not-driftless for %s', async (_, status, type, body) => {
    const url = await strangerAt((__, response) =>
      response.writeHead(status, { 'content-type': type, location: '/' }).end(body),
    );
    await expect(enrolAt(url)).rejects.toMatchObject({ reason: { kind: 'not-driftless' } });
  });

  it.each([
    ['429', 429, '', '7', 7_000],
    ['503 with a problem', 503, JSON.stringify(problem('unavailable', 'Later.')), '2', 2_000],
    ['502 of some proxy', 502, 'Bad Gateway', undefined, null],
  ])('is busy for %s', async (_, status, body, retryAfter, retryAfterMs) => {
    const url = await strangerAt((__, response) =>
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end(body),
    );
    await expect(enrolAt(url)).rejects.toMatchObject({ reason: { kind: 'busy', retryAfterMs } });
  });

  it('is busy with the time left until a date', async () => {
    const url = await strangerAt((_, response) =>
      response.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end(),
    );
    const failure = await enrolAt(url).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: { kind: 'busy' } });
    const { retryAfterMs } = (failure as { reason: { retryAfterMs: number } }).reason;
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('is cancelled where the caller cancelled', async () => {
    const stop = new AbortController();
    const url = await strangerAt(() => stop.abort());
    const enrolling = connect(url).enrol('token', { name: 'x', platform: 'x' }, stop.signal);
    await expect(enrolling).rejects.toMatchObject({ reason: { kind: 'cancelled' } });
  });
});

describe('an address', () => {
  it.each([
    'http://example.com',
    'http://192.168.1.4:3007',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    'localhost:3007',
  ])('%s is refused', (url) => {
    expect(() => connect(url)).toThrow(expect.objectContaining({ reason: { kind: 'insecure' } }));
  });

  it.each([
    'https://example.com',
    'http://localhost:3007',
    'http://127.0.0.1:3007',
    'http://127.8.9.1',
    'http://[::1]:3007',
  ])('%s is accepted', (url) => {
    expect(() => connect(url).close()).not.toThrow();
  });
});

describe('bodies', () => {
  it('are counted both ways', async () => {
    const url = await strangerAt((request, response) => {
      request.resume().on('end', () => response.end('four'));
    });
    const http = new HttpClient(url, systemClock, null, null);
    onTestFinished(() => http.close());
    const bytes = Buffer.alloc(3 * MiB);
    await http.done({ method: 'PUT', path: '/', body: { length: bytes.length, pieces: () => [bytes] } });
    expect(http.traffic).toEqual({ bytesSent: 3 * MiB, bytesReceived: 4 });
  });

  it('end where the server refuses before it has read them', async () => {
    const url = await strangerAt((_, response) => {
      response.writeHead(413, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify(problem('too-large', 'Too large.')));
    });
    const http = new HttpClient(url, systemClock, null, null);
    onTestFinished(() => http.close());
    const piece = Buffer.alloc(1 * MiB);
    const body = { length: 500 * MiB, pieces: () => Array.from({ length: 500 }, () => piece) };
    await expect(http.done({ method: 'PUT', path: '/', body })).rejects.toMatchObject({
      reason: { kind: 'problem', problem: { code: 'too-large' } },
    });
    expect(http.traffic.bytesSent).toBeLessThan(500 * MiB);
  });

  it('keep to the limits', async () => {
    const url = await strangerAt((request, response) => {
      request.resume().on('end', () => response.end(Buffer.alloc(MiB)));
    });
    const http = new HttpClient(url, systemClock, 2 * MiB, 2 * MiB);
    onTestFinished(() => http.close());
    const bytes = Buffer.alloc(3 * MiB);
    const began = performance.now();
    await http.done({ method: 'PUT', path: '/', body: { length: bytes.length, pieces: () => [bytes] } });
    // A second's worth passes at once; the rest takes half a second.
    expect(performance.now() - began).toBeGreaterThan(450);
  });
});
