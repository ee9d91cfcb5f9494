import { randomBytes } from 'node:crypto';

const GOOD_MS = 60 * 60_000;

/**
 * What the address of a file's contents carries in place of a cookie: contents are shown from an origin that must not
 * know the page's. A ticket is replaced once an hour, and is good for an hour more, for what is being shown just then.
 */
export class Tickets {
  readonly #now: () => number;
  #current = { ticket: made(), since: 0 };
  #before: { readonly ticket: string; readonly until: number } | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#current.since = now();
  }

  get current(): string {
    const now = this.#now();
    if (now - this.#current.since > GOOD_MS) {
      this.#before = { ticket: this.#current.ticket, until: now + GOOD_MS };
      this.#current = { ticket: made(), since: now };
    }
    return this.#current.ticket;
  }

  isGood(ticket: string): boolean {
    if (ticket === this.#current.ticket) return true;
    return this.#before !== null && ticket === this.#before.ticket && this.#now() < this.#before.until;
  }
}

const made = (): string => randomBytes(24).toString('base64url');
