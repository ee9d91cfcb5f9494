import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Browsers that are let in at the same time; the oldest has to come in again. */
const MOST_COOKIES = 16;

const secret = (): string => randomBytes(32).toString('base64url');

/**
 * Who may speak to the bridge. Everything on this computer can reach the port, other people's programs and every page in
 * the browser included; so whoever comes shows a cookie, which only the one-time secret in the printed address gives, and
 * a browser must say that it means this address (Host) and comes from this page (Origin).
 */
export class Access {
  readonly #hosts: ReadonlySet<string>;
  readonly #cookieName: string;
  readonly #cookies: string[] = [];
  #entrance: string | null = null;

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    // Cookies do not know ports: another Driftless on this computer has its own name for it.
    this.#cookieName = `driftless-${port}`;
  }

  /** Makes a new one-time secret; the one before is good for nothing any more. */
  newEntrance(): string {
    this.#entrance = secret();
    return this.#entrance;
  }

  /** The Set-Cookie header for who brings the secret; null: it is not the one, or was used already. */
  enter(shown: string): string | null {
    if (this.#entrance === null || !same(shown, this.#entrance)) return null;
    this.#entrance = null;
    const cookie = secret();
    this.#cookies.unshift(cookie);
    this.#cookies.length = Math.min(this.#cookies.length, MOST_COOKIES);
    return `${this.#cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** A page elsewhere can have its name resolved to this computer; it cannot make a browser lie about it. */
  isForUs({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && this.#hosts.has(headers.host.toLowerCase());
  }

  hasCookie({ headers }: IncomingMessage): boolean {
    const shown = (headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .find(([name]) => name === this.#cookieName)?.[1];
    return shown !== undefined && this.#cookies.some((cookie) => same(shown, cookie));
  }

  /** For what changes something, and for sockets, which no other rule of a browser keeps to their own page. */
  isFromOurPage({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    return origin !== undefined && origin === `http://${host}`;
  }
}

function same(shown: string, known: string): boolean {
  const a = Buffer.from(shown);
  const b = Buffer.from(known);
  return a.length === b.length && timingSafeEqual(a, b);
}
