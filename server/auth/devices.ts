import { v7 as uuid } from 'uuid';
import type { EnrolDevice, EnrolledDevice, OpenSession, Session } from '../../shared/api/devices.ts';
import { DeviceId, type UserId } from '../../shared/ids.ts';
import type { Databases } from '../db/connect.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { newToken, tokenHash } from './tokens.ts';

const SESSION_MS = 15 * 60_000;

/** Makes a device of this user. The secret in the answer is shown once. */
export async function enrolDevice(db: Databases, userId: UserId, device: EnrolDevice): Promise<EnrolledDevice> {
  const deviceId = DeviceId.parse(uuid());
  const secret = newToken('dls_');
  await db.write
    .insertInto('devices')
    .values({
      id: deviceId,
      user_id: userId,
      name: device.name,
      platform: device.platform,
      secret_hash: tokenHash(secret),
      created_at: Date.now(),
    })
    .execute();
  return { deviceId, secret, userId, serverId: db.serverId };
}

/** Access for 15 minutes to the device that proves itself; refused as unauthenticated otherwise. */
export async function openSession(db: Databases, proof: OpenSession): Promise<Session> {
  const device = await db.read
    .selectFrom('devices')
    .select('user_id')
    .where('id', '=', proof.deviceId)
    .where('secret_hash', '=', tokenHash(proof.secret))
    .executeTakeFirst();
  if (!device) throw refuse('unauthenticated', 'This device is not known here. Enrol it again.');
  const accessToken = newToken('dla_');
  const expiresAt = Date.now() + SESSION_MS;
  const row = {
    token_hash: tokenHash(accessToken),
    device_id: proof.deviceId,
    user_id: device.user_id,
    expires_at: expiresAt,
  };
  await db.progress((trx) => trx.insertInto('sessions').values(row).execute());
  return { accessToken, expiresAt };
}

/** Forgets sessions that have ended. */
export async function sweepSessions(db: Db, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute();
}
