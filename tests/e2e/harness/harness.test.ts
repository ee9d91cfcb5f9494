import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MiB } from '../../../shared/bytes.ts';
import { randomBytes } from './random.ts';
import { Relay } from './relay.ts';
import { differences, readTree } from './tree.ts';

describe('the relay', () => {
  let server: Server;
  let relay: Relay;

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.end(randomBytes('answer', 100_000)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    relay = await Relay.open((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    await relay.close();
    server.closeAllConnections();
    server.close();
  });

  const ask = (): Promise<number> =>
    new Promise((resolve, reject) => {
      get(relay.url, { agent: false }, (response) => {
        let length = 0;
        response.on('data', (piece: Buffer) => {
          length += piece.length;
        });
        response.on('end', () => resolve(length));
        response.on('error', reject);
      }).on('error', reject);
    });

  it('counts bytes of both directions, requests and connections', async () => {
    expect(await ask()).toBe(100_000);
    expect(await ask()).toBe(100_000);
    expect(relay.requests).toBe(2);
    expect(relay.connections).toBe(2);
    expect(relay.down).toBeGreaterThan(200_000);
    expect(relay.down).toBeLessThan(202_000);
    expect(relay.up).toBeGreaterThan(50);
    expect(relay.up).toBeLessThan(1_000);
  });

  it('counts a request line that arrives in two pieces once', async () => {
    const { hostname, port } = new URL(relay.url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write('GET / HTTP/');
    while (relay.up < 11) await new Promise(setImmediate);
    socket.write('1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    socket.resume();
    await closed;
    expect(relay.requests).toBe(1);
  });

  it('refuses connections while it is cut, and relays again afterwards', async () => {
    relay.cut();
    await expect(ask()).rejects.toThrow();
    relay.restore();
    expect(await ask()).toBe(100_000);
  });

  it('lets nothing pass after a stall until it is restored', async () => {
    const { hostname, port } = new URL(relay.url);
    const stalled = relay.stallAt({ up: MiB });
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: ${32 * MiB}\r\n\r\n`);
    socket.write(randomBytes('body', 32 * MiB));
    let answered = 0;
    socket.on('data', (piece: Buffer) => {
      answered += piece.length;
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await stalled;
    const passed = relay.up;
    expect(passed).toBeLessThan(2 * MiB);
    for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
    expect(relay.up).toBe(passed);
    relay.restore();
    await closed;
    expect(relay.up).toBeGreaterThan(32 * MiB);
    expect(answered).toBeGreaterThan(100_000);
  });

  it('can let requests pass and hold their answers', async () => {
    const handled = new Promise((resolve) => server.once('request', resolve));
    relay.holdAnswersAt(1);
    const answer = ask();
    await handled;
    for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
    expect(relay.down).toBe(0);
    relay.restore();
    expect(await answer).toBe(100_000);
  });
});

describe('the comparison of trees', () => {
  let root: string;
  const one = (path: string): string => join(root, 'one', path);
  const other = (path: string): string => join(root, 'other', path);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'driftless-tree-'));
    for (const side of [one, other]) {
      mkdirSync(side('folder/empty'), { recursive: true });
      writeFileSync(side('folder/file'), 'content');
      utimesSync(side('folder/file'), 1, 1_234.567);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const compare = (): readonly string[] => differences(readTree(one('')), readTree(other('')));

  it('finds nothing between equal trees', () => expect(compare()).toEqual([]));

  it.each<[string, () => void]>([
    ['other bytes of the same size', () => rewrite('CONTENT')],
    ['another mtime', () => utimesSync(other('folder/file'), 1, 1_234.569)],
    ['another executable bit', () => chmodSync(other('folder/file'), 0o755)],
    ['another name', () => renameSync(other('folder/file'), other('folder/File'))],
    ['a missing empty folder', () => rmSync(other('folder/empty'), { recursive: true })],
    ['one more file', () => writeFileSync(other('more'), '')],
    ['more bytes', () => appendFileSync(other('folder/file'), '!')],
    [
      'a file in place of a folder',
      () => {
        rmSync(other('folder/empty'), { recursive: true });
        writeFileSync(other('folder/empty'), '');
      },
    ],
  ])('finds %s', (_, change) => {
    change();
    expect(compare()).not.toEqual([]);
  });

  function rewrite(text: string): void {
    writeFileSync(other('folder/file'), text);
    utimesSync(other('folder/file'), 1, 1_234.567);
  }

  it("leaves Driftless's own folder out, at the top only", () => {
    mkdirSync(one('.driftless/tmp'), { recursive: true });
    expect(compare()).toEqual([]);
    mkdirSync(one('folder/.driftless'), { recursive: true });
    expect(compare()).toEqual(['folder/.driftless: only on the first side']);
  });
});
