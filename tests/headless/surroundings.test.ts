import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Conditions } from '../../main/engine/surroundings.ts';
import { linuxConditions } from '../../main/headless/surroundings/linux.ts';
import { PolledSurroundings } from '../../main/headless/surroundings/polled.ts';
import { temporaryFolder } from '../engine/hash/temporaryFolder.ts';
import { ManualClock } from '../engine/transfer/manualClock.ts';

type Supply = Readonly<Record<'type' | 'online' | 'status' | 'scope', string>>;

describe.runIf(process.platform === 'linux')('a computer is on battery', () => {
  const tells = (supplies: Readonly<Record<string, Partial<Supply>>>): Promise<Conditions> => {
    const folder = temporaryFolder();
    for (const [name, says] of Object.entries(supplies)) {
      mkdirSync(join(folder, name));
      for (const [what, text] of Object.entries(says)) writeFileSync(join(folder, name, what), `${text}\n`);
    }
    return linuxConditions(folder);
  };
  const battery = { type: 'Battery', status: 'Discharging' };

  test.each<[string, Parameters<typeof tells>[0], boolean]>([
    ['when its battery is used up and nothing feeds it', { BAT0: battery, AC: { type: 'Mains', online: '0' } }, true],
    ['not when it is plugged in', { BAT0: battery, AC: { type: 'Mains', online: '1' } }, false],
    ['not when it is plugged in by USB', { BAT0: battery, usb: { type: 'USB', online: '1' } }, false],
    ['not when its battery is full', { BAT0: { type: 'Battery', status: 'Full' } }, false],
    ['not for the battery of a mouse', { hid: { ...battery, scope: 'Device' } }, false],
    ['not when it has none', {}, false],
  ])('%s', async (_, supplies, onBattery) => {
    expect(await tells(supplies)).toMatchObject({ onBattery });
  });

  test('not when nobody can tell', async () => {
    expect(await linuxConditions('/nowhere')).toMatchObject({ onBattery: false });
  });
});

describe('surroundings that are asked about', () => {
  test('are told after each change, and only while somebody wants to know', async () => {
    const clock = new ManualClock();
    let conditions: Conditions = { onBattery: true, metered: false };
    let asked = 0;
    const surroundings = new PolledSurroundings(async () => {
      asked += 1;
      return conditions;
    }, clock);
    const told: boolean[] = [];
    const pass = async (): Promise<void> => {
      clock.advance(30_000);
      await new Promise(setImmediate);
    };
    expect(asked).toBe(0);
    const stop = surroundings.onChange(() => told.push(surroundings.now.onBattery));
    await new Promise(setImmediate);
    await pass();
    conditions = { onBattery: false, metered: false };
    await pass();
    expect(told).toEqual([true, false]);
    stop();
    await pass();
    expect([asked, clock.waiting]).toEqual([3, []]);
  });
});
