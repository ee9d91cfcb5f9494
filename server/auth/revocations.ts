import { CompiledQuery } from 'kysely';
import { type Channel, SILENCE } from '../db/copies.ts';
import type { Db } from '../db/schema.ts';

/** Tells when access was taken back from anybody: a device, a token, a session, a user. */
export interface Revocations {
  /** How often that has happened; asks the database when it has not for a second. */
  count(): Promise<string>;
  /** Asks the database now; to be called after access was taken back here. */
  look(): Promise<void>;
  /** Calls back after each. Returns what ends it. */
  listen(listener: () => void): () => void;
}

/** How long access may last that another process, such as the command line, has taken back, in ms. */
const LOOK_MS = 1_000;

const QUERY = CompiledQuery.raw(`select value from meta where key = 'revocations'`);

/** `others`: says at once when it happened, whoever did it; without, that is noticed within a second. */
export function revocations(db: Db, others: Channel = SILENCE): Revocations {
  const listeners = new Set<() => void>();
  let known = '';
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<void> => {
    lookedAt = performance.now();
    const { rows } = await db.executeQuery<{ value: string }>(QUERY);
    const value = rows[0]?.value ?? '';
    if (value === known) return;
    known = value;
    for (const listener of listeners) listener();
  };

  // A database that is away is asked again by the next request.
  others.hear(() => void look().catch(() => undefined));

  return {
    async count() {
      if (performance.now() - lookedAt > LOOK_MS) await look();
      return known;
    },
    look,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
