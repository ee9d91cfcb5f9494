import type { Client } from 'pg';
import type { Channel, Copies } from '../copies.ts';
import { DatabaseAway, orAway } from './faults.ts';

const TOPIC = 'driftless';
/** Texts in one message: PostgreSQL takes some 8,000 bytes, and most are ids. */
const AT_ONCE = 100;
const AGAIN_MS = 1_000;

export interface SharedCopies extends Copies {
  close(): Promise<void>;
}

/**
 * One connection of this copy's own hears what the others say, and holds what this copy has claimed: PostgreSQL gives
 * that back by itself when the copy ends, however it ends. A lost connection is made again, and then everybody who
 * listens looks for what they may have missed.
 */
export async function sharedCopies(
  connect: () => Promise<Client>,
  lost: (error: Error) => void,
): Promise<SharedCopies> {
  const listeners = new Map<string, Set<(text: string | null) => void>>();
  const outgoing = new Map<string, Set<string>>();
  const atWork = new Set<string>();
  let client: Client | undefined;
  let sending: Promise<void> | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const heard = (channel: string, text: string | null): void => {
    for (const listener of listeners.get(channel) ?? []) listener(text);
  };

  const adopt = async (fresh: Client): Promise<void> => {
    fresh.on('notification', ({ processId, payload = '' }) => {
      const own = 'processID' in fresh && processId === fresh.processID;
      const [channel = '', ...texts] = payload.split(' ');
      if (own) return;
      if (texts.length === 0) heard(channel, null);
      else for (const text of texts) heard(channel, text);
    });
    let ended = false;
    const gone = (error?: Error): void => {
      if (ended) return;
      ended = true;
      if (client === fresh) client = undefined;
      if (closed) return;
      lost(error ?? new Error('the connection to other copies has ended'));
      timer = setTimeout(again, AGAIN_MS).unref();
    };
    fresh.on('error', gone);
    fresh.on('end', () => gone());
    await fresh.query(`listen ${TOPIC}`);
    if (!ended) client = fresh;
  };

  const again = (): void => {
    if (closed) return;
    connect()
      .then(adopt)
      .then(() => {
        for (const channel of listeners.keys()) heard(channel, null);
        send();
      })
      .catch(() => {
        timer = setTimeout(again, AGAIN_MS).unref();
      });
  };

  const present = (): Client => {
    if (client) return client;
    throw new DatabaseAway(new Error('the connection to other copies is being made again'));
  };

  /** What is told while a message is on its way shares the next one. */
  const send = (): void => {
    sending ??= (async () => {
      for (let next = messageOf(outgoing); next && client; next = messageOf(outgoing)) {
        await client.query('select pg_notify($1, $2)', [TOPIC, next]);
      }
    })()
      // The others look for what they have missed once the database is back.
      .catch(() => outgoing.clear())
      .finally(() => {
        sending = undefined;
      });
  };

  const channel = (name: string): Channel => ({
    tell(text) {
      outgoing.set(name, (outgoing.get(name) ?? new Set()).add(text));
      send();
    },
    hear(listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener));
      return () => those.delete(listener);
    },
  });

  await adopt(await connect());

  return {
    channel,
    async alone(duty, restMs, now, work) {
      if (atWork.has(duty)) return false;
      atWork.add(duty);
      try {
        const holder = present();
        if (!(await took(holder, [`duty ${duty}`])).has(`duty ${duty}`)) return false;
        try {
          if (!(await isDue(holder, duty, restMs, now)) && restMs > 0) return false;
          await work();
          return true;
        } finally {
          await gaveBack(holder, [`duty ${duty}`]);
        }
      } finally {
        atWork.delete(duty);
      }
    },
    async claim(kind, ids) {
      const holder = present();
      const names = new Map(ids.map((id) => [`${kind} ${id}`, id]));
      const taken = await took(holder, [...names.keys()]);
      return {
        ids: new Set([...taken].flatMap((name) => names.get(name) ?? [])),
        release: () => gaveBack(holder, [...taken]),
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await sending;
      await client?.end();
    },
  };
}

function messageOf(outgoing: Map<string, Set<string>>): string | undefined {
  for (const [channel, texts] of outgoing) {
    const some = [...texts].slice(0, AT_ONCE);
    for (const text of some) texts.delete(text);
    if (texts.size === 0) outgoing.delete(channel);
    return [channel, ...some].join(' ');
  }
  return undefined;
}

async function took(client: Client, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await orAway(
    client.query<{ name: string }>(
      'select name from unnest($1::text[]) as name where pg_try_advisory_lock(hashtextextended(name, 0))',
      [names],
    ),
  );
  return new Set(rows.map(({ name }) => name));
}

/** A connection that is gone has given it back already. */
async function gaveBack(client: Client, names: readonly string[]): Promise<void> {
  await client
    .query('select pg_advisory_unlock(hashtextextended(name, 0)) from unnest($1::text[]) as name', [names])
    .catch(() => undefined);
}

/** Whether no copy has begun it for so long; notes that this one does now. */
async function isDue(client: Client, duty: string, restMs: number, now: number): Promise<boolean> {
  const { rowCount } = await orAway(
    client.query(
      `insert into meta as m (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value
       where m.value::bigint <= $3 returning key`,
      [`duty ${duty}`, String(now), now - restMs],
    ),
  );
  return rowCount === 1;
}
