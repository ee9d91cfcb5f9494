import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../main/engine/api.ts';
import { text } from '../server/harness.ts';
import { deafEngine, pass, TICK } from './deafEngine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const uploads = (engine: Engine, count: number) =>
  expect.poll(() => engine.summary().uploaded, { timeout: 10_000 }).toBe(count);

test('everything on the disk is looked at once in an hour, again and again', async () => {
  const { engine, clock, folder, listed } = await deafEngine();
  for (const [hour, name] of ['first.txt', 'second.txt'].entries()) {
    writeFileSync(join(folder, name), name);
    listed.length = 0;
    await pass(clock, HOUR - 2 * MINUTE);
    expect(listed).toEqual([]);
    await pass(clock, 3 * MINUTE);
    await uploads(engine, hour + 1);
  }
});

test('both sides are looked at when the computer has slept', async () => {
  const { engine, clock, client, folder } = await deafEngine();
  writeFileSync(join(folder, 'here.txt'), 'made here');
  await client.put('there.txt', text('made there'));
  clock.jump(8 * HOUR);
  await pass(clock, TICK);
  await uploads(engine, 1);
  await expect.poll(() => engine.summary().downloaded, { timeout: 10_000 }).toBe(1);
});

test('a pause whose time has passed during a sleep is over', async () => {
  const { engine, clock } = await deafEngine();
  engine.pause(HOUR);
  expect(engine.status().state).toBe('paused');
  clock.jump(2 * HOUR);
  await pass(clock, 2 * TICK);
  await expect.poll(() => engine.status().state, { timeout: 10_000 }).toBe('idle');
});

test('a folder that cannot be watched is listed as such, and it alone is looked at every minute', async () => {
  const { engine, clock, folder, listed, fail } = await deafEngine();
  fail({ code: 'watch-limit', folder: 'inside', message: 'Too many folders: raise the limit.' });
  expect(engine.problems()).toMatchObject([{ path: 'inside', code: 'watch-limit' }]);
  writeFileSync(join(folder, 'inside', 'one.txt'), 'one');
  writeFileSync(join(folder, 'elsewhere.txt'), 'elsewhere');
  await pass(clock, MINUTE);
  await uploads(engine, 1);
  expect(new Set(listed)).toEqual(new Set([join(folder, 'inside')]));
});
