import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';

/** What the page that signs a person in with Clerk is made of. */
export interface SignInSiteOptions {
  /** Absolute: the built pages, out/renderer. */
  readonly pages: string;
  readonly publishableKey: string;
  /** Address of the instance's front API; of tests alone another one than the key says. */
  readonly frontApi?: string;
  readonly keeps: boolean;
  readonly quietly: boolean;
  /** A token of Clerk, good for a minute; null: nobody is known there. Called once. */
  onProof(token: string | null): void;
}

/** Answers requests to the page's own origin, whatever serves that. */
export type SignInSite = (path: string, request: Request) => Promise<Response>;

/** Its own scripts and styles; it asks nobody but its own origin, and no other page may show it. */
export const SIGN_IN_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const Proof = z.object({ token: z.string().min(1).max(10_000).nullable() });
const LONGEST_PROOF = 20_000;
const FRONT = '/front';

export function signInSite(options: SignInSiteOptions): SignInSite {
  let proved = false;
  const front = options.frontApi ?? frontApiOf(options.publishableKey);

  return async (path, request) => {
    const { method } = request;
    if (path === '/proof' && method === 'POST') {
      const text = await request.text();
      const proof = text.length > LONGEST_PROOF ? undefined : Proof.safeParse(json(text)).data;
      if (!proof || proved) return empty(proved ? 409 : 400);
      proved = true;
      options.onProof(proof.token);
      return empty(204);
    }
    if (path.startsWith(`${FRONT}/v1/`)) return passOn(front, path.slice(FRONT.length), request);
    if (method !== 'GET') return empty(405);
    if (path === '/config') {
      const { publishableKey, keeps, quietly } = options;
      return Response.json({ publishableKey, keeps, quietly }, { headers: GUARDS });
    }
    return page(options.pages, path);
  };
}

/** A publishable key is its instance's address in base64, with a $ behind it. Throws for one that is not. */
export function frontApiOf(publishableKey: string): string {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/=_-]+)$/.exec(publishableKey)?.[1] ?? '';
  const host = /^([a-z0-9.-]+)\$$/.exec(Buffer.from(encoded, 'base64').toString('latin1'))?.[1];
  if (host === undefined) throw new Error('This is no publishable key.');
  return `https://${host}`;
}

/** As a native program asks: with its own token, and without saying which page asks, for Clerk takes one or the other. */
async function passOn(front: string, path: string, request: Request): Promise<Response> {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'accept']) {
    const value = request.headers.get(name);
    if (value !== null && value !== '') headers.set(name, value);
  }
  const { search } = new URL(request.url);
  const body = request.method === 'GET' ? null : await request.arrayBuffer();
  try {
    const answer = await fetch(new URL(`${path}${search}`, front), {
      ...{ method: request.method, headers, body, redirect: 'error' },
    });
    const back = new Headers(GUARDS);
    for (const name of ['authorization', 'content-type']) {
      const value = answer.headers.get(name);
      if (value !== null) back.set(name, value);
    }
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: back });
  } catch {
    return empty(502);
  }
}

/** `/` is the page itself; what it loads lies beside the window's own parts, under names that nobody guesses. */
async function page(pages: string, path: string): Promise<Response> {
  const file = join(pages, path === '/' ? 'signin/index.html' : path);
  const inside = relative(pages, file);
  const isOurs = path === '/' || inside.startsWith(`assets${sep}`);
  const type = TYPES[extname(file)];
  if (!isOurs || type === undefined || path.includes('\0')) return empty(404);
  try {
    const bytes = new Uint8Array(await readFile(file));
    return new Response(bytes, { headers: { ...GUARDS, 'content-type': type } });
  } catch {
    return empty(404);
  }
}

const GUARDS = {
  'content-security-policy': SIGN_IN_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const empty = (status: number): Response => new Response(null, { status, headers: GUARDS });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
