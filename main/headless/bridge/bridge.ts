import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Facing } from '../../desk/front.ts';
import type { Insight } from '../../engine/insight/insight.ts';
import type { Thumbnails } from '../../library/thumbnails.ts';
import { Access } from './access.ts';
import { createContentServer } from './contentServer.ts';
import { type PageFiles, pagePolicy, servePage } from './page.ts';
import { receiveFile } from './receiveFile.ts';
import { createSockets } from './socket.ts';
import { sendThumbnail } from './thumbnail.ts';
import { Tickets } from './tickets.ts';

export interface BridgeOptions {
  /** At 127.0.0.1; 0: any that is free. */
  readonly port: number;
  readonly files: PageFiles;
}

/** What a browser gets to see. null: no engine is open. */
export interface Shown {
  readonly desk: Facing;
  readonly insight: Insight | null;
  readonly thumbnails: Thumbnails | null;
}

export interface Bridge {
  /** With a new one-time secret; good once. */
  address(): string;
  /** Prefixes of addresses, see HostSlice. */
  readonly thumbnails: string;
  contents(): string;
  show(shown: Shown): void;
  close(): Promise<void>;
}

/** Serves the window to a browser on this computer. Rejects when the port is taken. */
export async function openBridge({ port, files }: BridgeOptions): Promise<Bridge> {
  let shown: Shown | null = null;
  const sockets = createSockets();
  const tickets = new Tickets(() => Date.now());
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else say(response, 500, 'Driftless could not answer that: reload the page.');
    });
  });
  await listen(server, port);
  const own = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${own}`;
  const access = new Access(own);
  const contentServer = createContentServer({ insight: () => shown?.insight ?? null, tickets, page: () => origin });
  await listen(contentServer, 0);
  const contentOrigin = `http://127.0.0.1:${(contentServer.address() as AddressInfo).port}`;
  const policy = pagePolicy(contentOrigin, `ws://127.0.0.1:${own} ws://localhost:${own}`);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!access.isForUs(request)) return say(response, 421, 'This address is not one of Driftless.');
    const url = new URL(request.url ?? '/', origin);
    const entrance = url.searchParams.get('secret');
    if (request.method === 'GET' && url.pathname === '/' && entrance !== null) return enter(entrance, response);
    if (!access.hasCookie(request)) return say(response, 403, NOT_IN);
    if (request.method === 'POST' && url.pathname === '/files') {
      if (!access.isFromOurPage(request)) return say(response, 403, NOT_IN);
      return receiveFile(shown?.insight ?? null, request, url, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'That cannot be done here.');
    if (url.pathname.startsWith(THUMBNAILS)) {
      return sendThumbnail(shown?.thumbnails ?? null, url.pathname.slice(THUMBNAILS.length), url, response);
    }
    if (!(await servePage(files, url.pathname, policy, response))) say(response, 404, 'There is nothing here.');
  }

  function enter(secret: string, response: ServerResponse): void {
    const cookie = access.enter(secret);
    if (cookie === null) say(response, 403, NOT_IN);
    else response.writeHead(303, { location: '/', 'set-cookie': cookie, 'referrer-policy': 'no-referrer' }).end();
  }

  server.on('upgrade', (request, socket, head) => {
    const allowed = access.isForUs(request) && access.hasCookie(request) && access.isFromOurPage(request);
    if (allowed && request.url === '/socket') sockets.accept(request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  return {
    address: () => `${origin}/?secret=${access.newEntrance()}`,
    thumbnails: THUMBNAILS,
    contents: () => `${contentOrigin}/${tickets.current}/`,
    show(now) {
      shown = now;
      sockets.opened(now.desk);
    },
    async close() {
      shown = null;
      sockets.close();
      await Promise.all([server, contentServer].map(closed));
    },
  };
}

const THUMBNAILS = '/thumbnails/';
const NOT_IN = 'This address was used already, or is not complete: “driftless window” prints a new one.';

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(`${sentence}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
