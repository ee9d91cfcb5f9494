import { createHash } from 'node:crypto';
import { platform } from 'node:os';
import type { EnrolledDevice } from '../../shared/api/devices.ts';
import type { DeviceId, UserId } from '../../shared/ids.ts';
import { EngineError } from './api.ts';
import { startOver } from './history/otherHistory.ts';
import type { State } from './store/state.ts';
import { type ServerApi, ServerFailure } from './transfer/server.ts';

export interface Credentials {
  readonly serverUrl: string;
  readonly token: string;
  readonly device?: EnrolledDevice;
  readonly deviceName: string;
}

/**
 * Makes requests go out as this device: enrols it with the token the first time, unless that was done already, and from
 * then on uses its own secret.
 * Answers whether the server could be reached; throws EngineError when a person must act.
 */
export async function signIn(
  api: ServerApi,
  state: State,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<'online' | 'offline'> {
  const { settings } = state;
  if (credentials.device) {
    adopt(state, credentials.device, '');
    api.signIn(credentials.device);
    return 'online';
  }
  const tokenHash = createHash('sha256').update(credentials.token).digest('hex');
  const isOtherToken = credentials.token !== '' && settings.get('tokenHash') !== tokenHash;
  const deviceId = settings.get('deviceId');
  const secret = settings.get('deviceSecret');
  if (!deviceId || !secret || isOtherToken) {
    await enrol(api, state, credentials, tokenHash, signal);
    return 'online';
  }
  api.signIn({ deviceId: deviceId as DeviceId, secret });
  try {
    await api.me(signal);
    return 'online';
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    switch (error.reason.kind) {
      case 'offline':
      case 'busy':
        return 'offline';
      case 'unauthenticated':
        await enrol(api, state, credentials, tokenHash, signal);
        return 'online';
      default:
        throw refusal(error, credentials);
    }
  }
}

async function enrol(
  api: ServerApi,
  state: State,
  credentials: Credentials,
  tokenHash: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { token, deviceName } = credentials;
    const device = await api.enrol(token, { name: deviceName, platform: platform() }, signal);
    adopt(state, device, tokenHash);
    api.signIn(device);
  } catch (error) {
    throw error instanceof ServerFailure ? refusal(error, credentials) : error;
  }
}

/** This state is that device's from now on. Throws EngineError when it has been another person's. */
function adopt(state: State, device: EnrolledDevice, tokenHash: string): void {
  const { settings } = state;
  const serverId = settings.get('serverId');
  const userId = settings.get('userId');
  if (serverId === device.serverId && userId !== null && userId !== device.userId) {
    throw new EngineError(
      'state-other-account',
      'This folder was synced for another user of this server: use that user’s token, or another folder and --state.',
    );
  }
  // A server that was set up anew knows nothing yet: everything here is offered to it, nothing is deleted.
  if (serverId !== null && serverId !== device.serverId) startOver(state, 0);
  settings.set({
    deviceId: device.deviceId,
    deviceSecret: device.secret,
    userId: device.userId,
    serverId: device.serverId,
    tokenHash,
  });
}

/** Who this device is to the server, as far as the state knows. */
export function knownDevice({ settings }: State): EnrolledDevice | null {
  const [deviceId, secret] = [settings.get('deviceId'), settings.get('deviceSecret')];
  const [userId, serverId] = [settings.get('userId'), settings.get('serverId')];
  if (!deviceId || !secret || !userId || !serverId) return null;
  return { deviceId: deviceId as DeviceId, secret, userId: userId as UserId, serverId };
}

/** Whose state it was stays known, so that no other account's files are mixed with these. */
export const forgetDevice = ({ settings }: State): void =>
  settings.set({ deviceId: '', deviceSecret: '', tokenHash: '' });

function refusal({ reason, message }: ServerFailure, { serverUrl }: Credentials): EngineError {
  switch (reason.kind) {
    case 'unauthenticated':
      return new EngineError(
        'token-refused',
        `The server at ${serverUrl} does not accept this token: check it, or have a new one made with “driftless-server users token”.`,
      );
    case 'offline':
      return new EngineError(
        'server-unreachable',
        `The server at ${serverUrl} cannot be reached: check the address and that it is running.`,
      );
    case 'not-driftless':
      return new EngineError(
        'server-not-driftless',
        `What answers at ${serverUrl} is not a Driftless server: check the address.`,
      );
    case 'problem':
    case 'busy':
    case 'cancelled':
    case 'damaged':
    case 'insecure':
      return new EngineError('server-unreachable', message);
  }
}
