import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Bridge, openBridge } from '../../main/headless/bridge/bridge.ts';
import { parseRange } from '../../main/headless/bridge/range.ts';
import { Tickets } from '../../main/headless/bridge/tickets.ts';
import { Thumbnails } from '../../main/library/thumbnails.ts';
import { type RealDesk, realDesk } from '../desk/realDesk.ts';
import { contentId, insightDouble } from '../library/insightDouble.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** As any program on this computer can ask, with whatever headers it likes. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Reply> {
  return new Promise((answered, failed) => {
    const asked = request(url, { method, headers }, (response) => {
      text(response).then(
        (read) => answered({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
        failed,
      );
    });
    asked.once('error', failed);
    asked.end(body);
  });
}

interface Scene {
  readonly bridge: Bridge;
  readonly origin: string;
  readonly cookie: string;
}

async function scene(): Promise<Scene> {
  const home = mkdtempSync(join(tmpdir(), 'bridge-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'page', 'assets'), { recursive: true });
  writeFileSync(join(home, 'page', 'index.html'), '<!doctype html><head></head><body>the window</body>');
  writeFileSync(join(home, 'page', 'assets', 'a.js'), '1');
  writeFileSync(join(home, 'secret.js'), 'secret');
  writeFileSync(join(home, 'script.cjs'), 'the script');
  const bridge = await openBridge({
    port: 0,
    files: { renderer: join(home, 'page'), script: join(home, 'script.cjs') },
  });
  onTestFinished(() => bridge.close());
  const address = bridge.address();
  const { headers } = await ask(address);
  return { bridge, origin: new URL(address).origin, cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
}

const shown = async (): Promise<Scene & { desk: RealDesk }> => {
  const [made, desk] = await Promise.all([scene(), realDesk()]);
  const { insight } = desk.session.engine;
  const thumbnails = new Thumbnails({ folder: join(desk.stateDir, 'thumbnails'), insight, nodeWith: () => null });
  made.bridge.show({ desk: desk.desk, insight, thumbnails });
  return { ...made, desk };
};

describe('the entrance', () => {
  test('turns the one-time secret into a cookie that no script and no other site can use, and a clean address', async () => {
    const { bridge } = await scene();
    const { status, headers } = await ask(bridge.address());
    expect([status, headers.location]).toEqual([303, '/']);
    expect(String(headers['set-cookie'])).toMatch(/^driftless-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  });
  test('opens once', async () => {
    const { bridge } = await scene();
    const address = bridge.address();
    expect((await ask(address)).status).toBe(303);
    const again = await ask(address);
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
  });
  test.each(['', 'x', 'A'.repeat(43)])('stays shut for the secret "%s"', async (secret) => {
    const { bridge, origin } = await scene();
    bridge.address();
    expect((await ask(`${origin}/?secret=${secret}`)).status).toBe(403);
  });
});

describe('the page', () => {
  test('is served to who has the cookie, with a policy that lets nothing else run', async () => {
    const { origin, cookie } = await scene();
    const { status, headers, body } = await ask(`${origin}/`, { cookie });
    expect(status).toBe(200);
    expect(body).toContain('<head><script type="module" src="/driftless.js"></script>');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers['content-security-policy']).not.toMatch(/unsafe/);
    expect((await ask(`${origin}/driftless.js`, { cookie })).body).toBe('the script');
    expect((await ask(`${origin}/assets/a.js`, { cookie })).body).toBe('1');
  });
  test.each(['/', '/driftless.js', '/assets/a.js', '/thumbnails/x', '/files'])(
    '%s is not served without',
    async (path) => {
      const { origin, cookie } = await scene();
      expect((await ask(`${origin}${path}`)).status).toBe(403);
      expect((await ask(`${origin}${path}`, { cookie: `${cookie}x` })).status).toBe(403);
    },
  );
  test.each(['evil.example', 'evil.example:80', 'localhost', '127.0.0.1:1', '[::1]:80'])(
    'is not served to who means %s',
    async (host) => {
      const { origin, cookie } = await scene();
      expect((await ask(`${origin}/`, { cookie, host })).status).toBe(421);
    },
  );
  test.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..%5csecret.js',
    '/assets/..%2f..%2fsecret.js',
    '/%00.js',
    '/%ff.js',
    '/assets',
  ])('leads nowhere by %s', async (path) => {
    const { origin, cookie } = await scene();
    const reply = await new Promise<Reply>((answered, failed) => {
      const { port } = new URL(origin);
      const asked = request({ host: '127.0.0.1', port, path, headers: { cookie } }, (response) => {
        text(response).then(
          (body) => answered({ status: response.statusCode ?? 0, headers: response.headers, body }),
          failed,
        );
      });
      asked.once('error', failed).end();
    });
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain('secret');
  });
});

describe('the socket', () => {
  const connect = (origin: string, headers: Record<string, string>): Promise<number | WebSocket> =>
    new Promise((settled) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers });
      onTestFinished(() => socket.terminate());
      socket.once('unexpected-response', (_request, { statusCode }) => settled(statusCode ?? 0));
      socket.once('open', () => settled(socket));
      socket.on('error', () => undefined);
    });

  test('begins with a snapshot, and answers what it is asked', async () => {
    const { origin, cookie } = await shown();
    const heard: { id?: number; n?: number; snapshot?: unknown; outcome?: unknown }[] = [];
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, origin } });
    onTestFinished(() => socket.terminate());
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    await new Promise((open) => socket.once('open', open));
    await expect.poll(() => heard[0]).toMatchObject({ n: expect.any(Number), snapshot: { host: expect.anything() } });
    socket.send(JSON.stringify({ id: 1, ask: 'folders.inside', input: { id: null } }));
    socket.send(JSON.stringify({ id: 2, ask: 'folders.inside', input: { id: '../..' } }));
    await expect.poll(() => heard.find(({ id }) => id === 1)).toEqual({ id: 1, outcome: { ok: true, value: [] } });
    await expect.poll(() => heard.find(({ id }) => id === 2)).toMatchObject({ outcome: { code: 'refused' } });
  });
  test('waits for the engine to be open, and hears and answers then what was said before', async () => {
    const { bridge, origin, cookie } = await scene();
    const heard: { n?: number; id?: number }[] = [];
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, origin } });
    onTestFinished(() => socket.terminate());
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    await new Promise((open) => socket.once('open', open));
    socket.send(JSON.stringify({ id: 1, ask: 'folders.inside', input: { id: null } }));
    const desk = await realDesk();
    expect(heard).toEqual([]);
    const { insight } = desk.session.engine;
    const folder = join(desk.stateDir, 'thumbnails');
    bridge.show({ desk: desk.desk, insight, thumbnails: new Thumbnails({ folder, insight, nodeWith: () => null }) });
    await expect.poll(() => heard[0]).toMatchObject({ n: expect.any(Number) });
    await expect.poll(() => heard.find(({ id }) => id === 1)).toMatchObject({ outcome: { ok: true } });
  });
  test('is shut for whoever has no cookie, or comes from another page', async () => {
    const { origin, cookie } = await shown();
    expect(await connect(origin, { origin })).toBe(403);
    expect(await connect(origin, { cookie })).toBe(403);
    expect(await connect(origin, { cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await connect(origin, { cookie, origin: 'null' })).toBe(403);
    expect(await connect(origin, { cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  });
  test('closes on what is no message', async () => {
    const { origin, cookie } = await shown();
    const socket = await connect(origin, { cookie, origin });
    if (typeof socket === 'number') throw new Error('It did not open.');
    const closed = new Promise((settled) => socket.once('close', settled));
    socket.send('not json');
    expect(await closed).toBe(1008);
  });
});

describe('adding files', () => {
  const to = (path: readonly string[], folder: string | null = null): string =>
    `/files?to=${encodeURIComponent(JSON.stringify({ folder, path, mtimeMs: 1_700_000_000_000 }))}`;

  test('puts their bytes into the folder', async () => {
    const { origin, cookie, desk } = await shown();
    const reply = await ask(`${origin}${to(['New', 'a.txt'])}`, { cookie, origin }, 'POST', 'hello');
    expect(JSON.parse(reply.body)).toEqual({ ok: true, value: null });
    expect(readFileSync(join(desk.folder, 'New', 'a.txt'), 'utf8')).toBe('hello');
  });
  test('is refused to another page, and to who has no cookie', async () => {
    const { origin, cookie } = await shown();
    expect(
      (await ask(`${origin}${to(['a.txt'])}`, { cookie, origin: 'https://evil.example' }, 'POST', 'x')).status,
    ).toBe(403);
    expect((await ask(`${origin}${to(['a.txt'])}`, { cookie }, 'POST', 'x')).status).toBe(403);
    expect((await ask(`${origin}${to(['a.txt'])}`, { origin }, 'POST', 'x')).status).toBe(403);
  });
  test.each([[['..', 'a.txt']], [['a/../../b']], [[]], [['.driftless', 'x']]])('refuses the path %j', async (path) => {
    const { origin, cookie } = await shown();
    const reply = await ask(`${origin}${to(path)}`, { cookie, origin }, 'POST', 'x');
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false });
  });
});

describe('contents', () => {
  test('come from another origin, in a sandbox, in ranges', async () => {
    const { bridge, origin, desk } = await shown();
    writeFileSync(join(desk.folder, 'page.html'), '<script>alert(1)</script>');
    await desk.settled();
    const { id } = await desk.item('page.html');
    expect(new URL(bridge.contents()).origin).not.toBe(origin);
    const whole = await ask(`${bridge.contents()}${id}`);
    expect(whole.body).toBe('<script>alert(1)</script>');
    expect(whole.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
      'x-content-type-options': 'nosniff',
    });
    const part = await ask(`${bridge.contents()}${id}`, { range: 'bytes=1-6' });
    expect([part.status, part.headers['content-range'], part.body]).toEqual([206, 'bytes 1-6/25', 'script']);
    expect((await ask(`${bridge.contents()}${id}`, { range: 'bytes=25-' })).status).toBe(416);
  });
  test('are not served by a forged ticket, host, id or path', async () => {
    const { bridge, desk } = await shown();
    writeFileSync(join(desk.folder, 'a.txt'), 'hello');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    const { origin } = new URL(bridge.contents());
    expect((await ask(`${origin}/forged/${id}`)).status).toBe(404);
    expect((await ask(`${bridge.contents()}${id}/more`)).status).toBe(404);
    expect((await ask(`${bridge.contents()}..%2f..%2fetc%2fpasswd`)).status).toBe(404);
    expect((await ask(`${bridge.contents()}${id}`, { host: 'evil.example' })).status).toBe(421);
    expect((await ask(`${bridge.contents()}${id}`, {}, 'POST')).status).toBe(405);
  });
  test('are good for the ticket of an hour ago, and not of two', () => {
    let now = 0;
    const tickets = new Tickets(() => now);
    const first = tickets.current;
    now = 61 * 60_000;
    expect(tickets.current).not.toBe(first);
    expect(tickets.isGood(first)).toBe(true);
    now = 122 * 60_000;
    expect(tickets.isGood(first)).toBe(false);
  });
  test.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=5-', { start: 5, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=8-99', { start: 8, end: 10 }],
    ['bytes=10-', 'none-of-it'],
    ['bytes=5-4', 'none-of-it'],
    ['bytes=0-1,3-4', undefined],
    ['bytes=-', undefined],
    [undefined, undefined],
  ] as const)('%s of ten bytes is %j', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });
});

describe('thumbnails', () => {
  const picture = (n: number): Buffer => Buffer.from([0xff, 0xd8, ...Array<number>(98).fill(n)]);

  function keeping(maxBytes: number, folder = mkdtempSync(join(tmpdir(), 'thumbnails-'))) {
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const insight = insightDouble();
    const asked: string[] = [];
    insight.answers(({ query }) => {
      asked.push(String(query?.content).slice(-1));
      return picture(asked.length);
    });
    const nodeWith = () => '01a1f9f6-50d9-71bd-a02b-8e6b02808018' as never;
    return { folder, asked, insight, thumbnails: new Thumbnails({ folder, insight, nodeWith, maxBytes }) };
  }

  test('are fetched once, and kept for the next start', async () => {
    const first = keeping(10_000);
    const [a, b] = await Promise.all([1, 1].map((n) => first.thumbnails.picture(contentId(n), 256)));
    expect(a?.equals(b ?? Buffer.of())).toBe(true);
    expect(first.asked).toEqual(['1']);
    const second = keeping(10_000, first.folder);
    expect((await second.thumbnails.picture(contentId(1), 256))?.length).toBe(100);
    expect(second.asked).toEqual([]);
  });
  test('make room by what was not looked at for longest', async () => {
    const { thumbnails, asked } = keeping(250);
    await thumbnails.picture(contentId(1), 256);
    await thumbnails.picture(contentId(2), 256);
    await thumbnails.picture(contentId(1), 256);
    await thumbnails.picture(contentId(3), 256);
    await thumbnails.picture(contentId(1), 256);
    await thumbnails.picture(contentId(2), 256);
    expect(asked).toEqual(['1', '2', '3', '2']);
  });
  test('are fetched a few at a time, the newest wish first', async () => {
    const { thumbnails, asked } = keeping(10_000);
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => thumbnails.picture(contentId(n), 256)));
    expect(asked).toEqual(['1', '2', '3', '4', '7', '6', '5']);
  });
  test('that cannot be had are none, and are asked for again', async () => {
    const { thumbnails, insight } = keeping(10_000);
    insight.answers(null);
    expect(await thumbnails.picture(contentId(1), 256)).toBeNull();
    insight.answers(() => picture(1));
    expect(await thumbnails.picture(contentId(1), 256)).not.toBeNull();
  });
});
