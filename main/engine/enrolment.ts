import { platform } from 'node:os';
import { z } from 'zod';
import { type DeviceProof, EnrolledDevice, Session, SignInMethods } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { systemClock } from './system.ts';
import { isProblem, ServerFailure } from './transfer/failure.ts';
import { HttpClient } from './transfer/http.ts';
import { SIGN_IN_SILENCE_MS } from './transfer/server.ts';

/** What a person shows of themselves: something they know, or a token that was made for them. */
export type ShownProof = DeviceProof | { readonly type: 'bearer'; readonly token: string };

/** No more than is asked of it, so that servers of other versions are understood. */
const Health = z.object({ status: z.literal('ok'), version: z.string() });

/** Which ways in a server has; null: it is one of ours, but so old that it cannot tell. Throws ServerFailure. */
export async function signInMethods(serverUrl: string): Promise<SignInMethods | null> {
  return withClient(serverUrl, async (http) => {
    await http.json({ method: 'GET', path: paths.health, silenceMs: SIGN_IN_SILENCE_MS }, Health);
    try {
      return await http.json({ method: 'GET', path: paths.auth, silenceMs: SIGN_IN_SILENCE_MS }, SignInMethods);
    } catch (error) {
      if (isProblem(error, 'not-found') || isOther(error)) return null;
      throw error;
    }
  });
}

/** Makes this computer a device of whoever is proved. Throws ServerFailure. */
export function enrol(serverUrl: string, deviceName: string, proof: ShownProof): Promise<EnrolledDevice> {
  const device = { name: deviceName, platform: platform() };
  const shown = proof.type === 'bearer' ? { json: device, bearer: proof.token } : { json: { ...device, proof } };
  return withClient(serverUrl, (http) =>
    http.json({ method: 'POST', path: paths.devices, silenceMs: SIGN_IN_SILENCE_MS, ...shown }, EnrolledDevice),
  );
}

/** Takes a device back that is not wanted after all. What cannot be taken back stays on the server’s list. */
export async function giveBack(serverUrl: string, { deviceId, secret }: EnrolledDevice): Promise<void> {
  try {
    await withClient(serverUrl, async (http) => {
      const json = { deviceId, secret };
      const { accessToken } = await http.json({ method: 'POST', path: paths.sessions, json }, Session);
      await http.done({ method: 'DELETE', path: paths.device(deviceId), bearer: accessToken });
    });
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
  }
}

/** Whether a token still shows who this is. Throws ServerFailure, `unauthenticated` when it does not. */
export async function prove(serverUrl: string, token: string): Promise<{ readonly userId: string }> {
  return withClient(serverUrl, (http) =>
    http.json({ method: 'GET', path: paths.me, bearer: token }, z.object({ userId: z.string() })),
  );
}

async function withClient<T>(serverUrl: string, use: (http: HttpClient) => Promise<T>): Promise<T> {
  const http = new HttpClient(serverUrl, systemClock, null, null);
  try {
    return await use(http);
  } finally {
    http.close();
  }
}

const isOther = (error: unknown): boolean => error instanceof ServerFailure && error.reason.kind === 'not-driftless';
