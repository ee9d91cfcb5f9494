import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deafEngine } from './deafEngine.ts';

const PLUGGED_IN = { onBattery: false, metered: false };
const ON_BATTERY = { onBattery: true, metered: false };

test('nothing is sent on battery where a person chose so, and it goes on by itself afterwards', async () => {
  const { engine, surroundings, folder } = await deafEngine();
  engine.pauseOn({ onBattery: true, onMetered: false });
  expect(engine.status()).toMatchObject({ state: 'idle', message: null });
  surroundings.become(ON_BATTERY);
  expect(engine.status()).toMatchObject({ state: 'paused', message: expect.stringMatching(/^Paused on battery: /) });
  writeFileSync(join(folder, 'made on battery.txt'), 'text');
  const generation = engine.syncNow();
  await expect.poll(() => engine.status().pending, { timeout: 10_000 }).toBe(1);
  expect(engine.summary().uploaded).toBe(0);
  surroundings.become(PLUGGED_IN);
  expect(await engine.settled(generation)).toMatchObject({ state: 'idle', message: null });
  expect(engine.summary().uploaded).toBe(1);
});

test('a person who resumes on battery means it', async () => {
  const { engine, surroundings, folder } = await deafEngine();
  surroundings.become(ON_BATTERY);
  engine.pauseOn({ onBattery: true, onMetered: false });
  engine.resume();
  writeFileSync(join(folder, 'made on battery.txt'), 'text');
  expect(await engine.settled(engine.syncNow())).toMatchObject({ state: 'idle' });
  expect(engine.summary().uploaded).toBe(1);
});

test('a pause that a person began says nothing of the surroundings, and outlasts them', async () => {
  const { engine, surroundings } = await deafEngine();
  engine.pauseOn({ onBattery: true, onMetered: false });
  surroundings.become(ON_BATTERY);
  engine.pause(null);
  expect(engine.status()).toMatchObject({ state: 'paused', message: null });
  surroundings.become(PLUGGED_IN);
  expect(engine.status()).toMatchObject({ state: 'paused', message: null });
});
