import { CompiledQuery } from 'kysely';
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

export function revocations(db: Db): Revocations {
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
