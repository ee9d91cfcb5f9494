import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conditions } from '../../engine/surroundings.ts';

const SUPPLIES = '/sys/class/power_supply';

const NETWORK_MANAGER = 'org.freedesktop.NetworkManager';
const METERED = [
  '--system',
  'get-property',
  NETWORK_MANAGER,
  '/org/freedesktop/NetworkManager',
  NETWORK_MANAGER,
  'Metered',
];
/** NetworkManager's `yes` and `guessed to be`. */
const IS_METERED = /^u (1|3)$/;
const PATIENCE_MS = 2_000;

/** What Linux tells for next to nothing; what it does not tell counts as good. Never rejects. */
export async function linuxConditions(supplies: string = SUPPLIES): Promise<Conditions> {
  const [onBattery, metered] = await Promise.all([isOnBattery(supplies), isMetered()]);
  return { onBattery, metered };
}

/** A battery of the computer's own is being used up, and nothing feeds it. */
async function isOnBattery(supplies: string): Promise<boolean> {
  const names = await readdir(supplies).catch(() => []);
  const all = await Promise.all(
    names.map(async (name) => {
      const says = (what: string) =>
        readFile(join(supplies, name, what), 'utf8').then(
          (text) => text.trim(),
          () => '',
        );
      const [type, scope, status, online] = await Promise.all([
        says('type'),
        says('scope'),
        says('status'),
        says('online'),
      ]);
      // A mouse has a battery, too.
      const own = type === 'Battery' && scope !== 'Device';
      return { drains: own && status === 'Discharging', feeds: type !== 'Battery' && online === '1' };
    }),
  );
  return all.some(({ drains }) => drains) && !all.some(({ feeds }) => feeds);
}

const isMetered = (): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('busctl', METERED, { timeout: PATIENCE_MS }, (error, stdout) => {
      resolve(error === null && IS_METERED.test(stdout.trim()));
    });
  });
