import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../server/harness.ts';
import { killedAt, traced } from './harness/killing.ts';
import { Ledger } from './harness/ledger.ts';
import { prepared } from './harness/prepared.ts';
import { fractions } from './harness/random.ts';
import { DriftlessServer } from './harness/server.ts';

/** CI plays a few; `DRIFTLESS_KILLS=200 npx vitest run tests/e2e/killedServer` plays that many. */
const ROUNDS = Number(process.env.DRIFTLESS_KILLS) || 4;
const SEED = process.env.DRIFTLESS_KILLS_SEED ?? 'killed server';
/** How long a round writes at most before the server is killed wherever it is, in ms. */
const LONGEST_MS = 2_500;
/** How often a server comes past a moment before it may die there, at most. */
const LATEST = 40;
const UNSAFE = /^(before|after) (commit|sync|rename|link|unlink|mkdir|answer)/;

describe('a server that is killed while several devices write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-killed-'));
  const chance = fractions(SEED);
  const server = new DriftlessServer(join(folder, 'server'));
  let ledger: Ledger;
  /** How often the server comes past each moment while it starts and devices write. */
  const moments = new Map<string, number>();

  /** Everything that a server comes past while it starts and while devices write to it. */
  beforeAll(async () => {
    const { account, writeTo } = await prepared();
    writeTo(server.data);
    const trace = join(folder, 'trace');
    await server.start(traced(trace));
    ledger = new Ledger(new Client(server.url, account.token), chance);
    await writesFor(1_500);
    await server.kill();
    await server.start(traced(trace));
    await server.kill();
    for (const moment of readFileSync(trace, 'utf8').trim().split('\n')) {
      if (UNSAFE.test(moment)) moments.set(moment, (moments.get(moment) ?? 0) + 1);
    }
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function writesFor(ms: number): Promise<void> {
    const end = performance.now() + ms;
    await ledger.write(() => performance.now() > end || server.program.finished);
  }

  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;

  it(
    `has whole whatever it has answered for, ${ROUNDS} times`,
    async () => {
      const died = new Map<string, number>();
      const count = (where: string) => died.set(where, (died.get(where) ?? 0) + 1);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [moment, seen] = pick([...moments]);
        const times = 1 + Math.floor(chance() * Math.min(seen / 2, LATEST));
        const started = await server.start(killedAt(Array.from({ length: times }, () => moment))).then(
          () => true,
          () => false,
        );
        if (started) {
          // Every fifth dies at no named moment, but whenever its time has come.
          const writing = writesFor(round % 5 === 4 ? chance() * LONGEST_MS : LONGEST_MS);
          await Promise.race([writing, server.program.ended]);
          count(server.program.finished ? moment : 'anywhere');
          await server.kill();
          await writing;
        } else count(`${moment}, while it starts`);
        await server.start();
        expect(await ledger.faults(false), `round ${round}: ${moment}, ${times} times`).toEqual([]);
        await server.terminate();
      }
      await server.start();
      expect(await ledger.faults(true)).toEqual([]);
      const checked = await server.admin('check', '--deep', '--json');
      expect(JSON.parse(checked.stdout).findings).toEqual([]);
      expect(ledger.answers).toBeGreaterThan(ROUNDS);
      const table = [...died].sort().map(([where, times]) => `${times}\t${where}`);
      if (ROUNDS > 20) console.log(`${ledger.answers} answers, all kept. The server died\n${table.join('\n')}`);
    },
    60_000 + ROUNDS * 20_000,
  );
});
