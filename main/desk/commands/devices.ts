import { z } from 'zod';
import { DeviceList, Pairing } from '../../../shared/api/devices.ts';
import { paths } from '../../../shared/api/paths.ts';
import { DeviceId } from '../../../shared/ids.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';

/** Who else may come in. */
export function deviceCommands({ session }: DeskContext): Handlers<Named<'devices'>> {
  const { insight } = session.engine;
  return {
    'devices.list': async () => {
      const { devices } = await insight.ask({ method: 'GET', path: paths.devices }, DeviceList);
      return devices.map(({ id, name, platform, createdAt, current }) => ({
        ...{ id, name, platform },
        addedAt: createdAt,
        thisOne: current,
      }));
    },
    'devices.revoke': async ({ device }) => {
      const id = DeviceId.safeParse(device);
      if (!id.success) throw new Refusal('refused', MESSAGES.malformed);
      await insight.ask({ method: 'DELETE', path: paths.device(id.data) }, z.unknown());
      return null;
    },
    'devices.pair': () => insight.ask({ method: 'POST', path: paths.pairings, json: {} }, Pairing),
  };
}
