import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BREAKAGES } from './breakages.ts';
import { type History, settingOf } from './history.ts';
import { explore, replay } from './play.ts';
import { search } from './search.ts';

/** A few seconds' worth; `npm run sim` plays as many as there is time for. */
const HISTORIES = 800;
const REGRESSIONS = join(import.meta.dirname, 'regressions');

async function traceHash(seed: number): Promise<string> {
  const hash = createHash('sha256');
  await explore(settingOf(seed), (line) => hash.update(line));
  return hash.digest('hex');
}

it('goes the same way twice for the same seed, step by step', async () => {
  for (const seed of [1, 2, 3, 4, 5]) expect(await traceHash(seed)).toBe(await traceHash(seed));
});

it('goes the same way when a history is played again from its actions', async () => {
  const lines: string[][] = [[], []];
  const { history } = await explore(settingOf(6), (line) => lines[0]?.push(line));
  await replay(history, (line) => lines[1]?.push(line));
  expect(lines[1]).toEqual(lines[0]);
});

/** How long the histories may take beside much else; alone they are a matter of seconds. */
const BUSY_MACHINE_MS = 600_000;

it(
  'keeps every promise in some hundred histories',
  async () => {
    const found = await search({ firstSeed: 1, stride: 1, until: ({ histories }) => histories === HISTORIES });
    expect(found.failures.map(({ history, failure }) => ({ seed: history.seed, ...failure }))).toEqual([]);
  },
  BUSY_MACHINE_MS,
);

describe('what broke a promise once', () => {
  for (const file of readdirSync(REGRESSIONS)) {
    it(file.replace('.json', '').replaceAll('-', ' '), async () => {
      const history = JSON.parse(readFileSync(join(REGRESSIONS, file), 'utf8')) as History;
      expect((await replay(history)).failure).toBeNull();
    });
  }
});

describe('an engine that breaks a rule on purpose is found out', () => {
  for (const [name, { seed }] of Object.entries(BREAKAGES)) {
    it(name.replaceAll('-', ' '), () => {
      const run = join(import.meta.dirname, 'run.ts');
      const args = [run, '--break', name, '--processes', '1', '--seconds', '50', '--seed', `${seed}`, '--no-shrink'];
      const { status, stdout } = spawnSync('node', args, { encoding: 'utf8' });
      expect(stdout).toMatch(/breaks “/);
      expect(status).toBe(1);
    });
  }
});
