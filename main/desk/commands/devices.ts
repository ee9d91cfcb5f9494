import { z } from 'zod';
import { API } from '../../../shared/api/paths.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';

const DeviceList = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      platform: z.string(),
      createdAt: z.number().int(),
      current: z.boolean(),
    }),
  ),
});
const Pairing = z.object({ code: z.string(), expiresAt: z.number().int() });

export function deviceCommands({ session }: DeskContext): Handlers<Named<'devices'>> {
  const { insight } = session.engine;
  return {
    'devices.list': async () => {
      const { devices } = await insight.ask({ method: 'GET', path: `${API}/devices` }, DeviceList);
      return devices.map(({ id, name, platform, createdAt, current }) => ({
        ...{ id, name, platform },
        addedAt: createdAt,
        thisOne: current,
      }));
    },
    'devices.revoke': async ({ device }) => {
      await insight.ask({ method: 'DELETE', path: `${API}/devices/${encodeURIComponent(device)}` }, z.unknown());
      return null;
    },
    'devices.pair': () => insight.ask({ method: 'POST', path: `${API}/pairings` }, Pairing),
  };
}
