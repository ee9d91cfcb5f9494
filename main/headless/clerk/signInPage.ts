import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { MESSAGES, Refusal } from '../../desk/messages.ts';
import type { ClerkSignIn } from '../station/entrance.ts';
import { signInSite } from './signInSite.ts';

/** A page that nobody uses is closed after so long, in ms. */
const PATIENCE_MS = 10 * 60_000;
const LARGEST = 256 * 1024;

export interface BrowserSignIn {
  /** Absolute: the built pages. */
  readonly pages: string;
  readonly frontApi?: string;
  /** The page waits at this address; null: it does not any more. */
  tell(address: string | null): void;
}

/** Signs in on a page in the browser, which has a port and so an origin of its own, for as long as it takes. */
export function clerkInBrowser({ pages, frontApi, tell }: BrowserSignIn): ClerkSignIn {
  return async (publishableKey, signal) => {
    const proof = Promise.withResolvers<string | null>();
    const site = signInSite({
      ...{ pages, publishableKey, keeps: false, quietly: false, onProof: proof.resolve },
      ...(frontApi !== undefined && { frontApi }),
    });
    // Programs of other people reach the port as well; the address is what they do not know.
    const ticket = randomBytes(32).toString('base64url');
    const server = createServer((request, response) => {
      void answer(site, ticket, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const leave = (): void => proof.resolve(null);
    const timer = setTimeout(leave, PATIENCE_MS);
    signal.addEventListener('abort', leave);
    tell(`${origin}/${ticket}/`);
    try {
      const token = await proof.promise;
      if (token === null) throw new Refusal('refused', MESSAGES.signInLeft);
      return token;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      tell(null);
      // What is being answered still is; the page says by itself that it is over.
      server.close();
      server.closeIdleConnections();
    }
  };
}

async function answer(
  site: ReturnType<typeof signInSite>,
  ticket: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host = '', origin } = request.headers;
  const own = `127.0.0.1:${request.socket.localPort}`;
  const url = new URL(request.url ?? '/', `http://${own}`);
  const path = url.pathname.startsWith(`/${ticket}/`) ? url.pathname.slice(ticket.length + 1) : null;
  const isAsset = url.pathname.startsWith('/assets/');
  const isForeign = host !== own || (request.method !== 'GET' && origin !== `http://${own}`);
  if (isForeign || (path === null && !isAsset)) {
    response.writeHead(403).end();
    return;
  }
  const method = request.method ?? 'GET';
  const body = method === 'GET' ? null : await buffer(request);
  if (body !== null && body.length > LARGEST) {
    response.writeHead(413).end();
    return;
  }
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'accept']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answered = await site(path ?? url.pathname, new Request(url, { method, headers, body }));
  response.writeHead(answered.status, { ...Object.fromEntries(answered.headers), connection: 'close' });
  response.end(Buffer.from(await answered.arrayBuffer()));
}
