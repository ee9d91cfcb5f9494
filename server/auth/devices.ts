import { v7 as uuid } from 'uuid';
import type { Device, EnrolDevice, EnrolledDevice, OpenSession, Session } from '../../shared/api/devices.ts';
import { DeviceId, type UserId } from '../../shared/ids.ts';
import { recordEvent } from '../audit/record.ts';
import type { Databases } from '../db/connect.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { newToken, tokenHash } from './tokens.ts';
import { disabled } from './users.ts';

const SESSION_MS = 15 * 60_000;

/** Makes a device of this user; `how` it proved to be theirs goes into the audit. The secret in the answer is shown once. */
export async function enrolDevice(
  db: Databases,
  userId: UserId,
  device: EnrolDevice,
  how: string,
  now: number,
): Promise<EnrolledDevice> {
  const deviceId = DeviceId.parse(uuid());
  const secret = newToken('dls_');
  const row = {
    id: deviceId,
    user_id: userId,
    name: device.name,
    platform: device.platform,
    secret_hash: tokenHash(secret),
    created_at: now,
  };
  await db.write.transaction().execute(async (trx) => {
    await trx.insertInto('devices').values(row).execute();
    await recordEvent(trx, { userId, action: 'device-added', by: device.name, detail: how });
  });
  return { deviceId, secret, userId, serverId: db.serverId };
}

/** Access for 15 minutes to the device that proves itself; refused as unauthenticated otherwise. */
export async function openSession(db: Databases, proof: OpenSession, now: number): Promise<Session> {
  const device = await db.read
    .selectFrom('devices as d')
    .innerJoin('users as u', 'u.id', 'd.user_id')
    .select(['d.user_id', 'u.disabled_at'])
    .where('d.id', '=', proof.deviceId)
    .where('d.secret_hash', '=', tokenHash(proof.secret))
    .executeTakeFirst();
  if (!device) throw refuse('unauthenticated', 'This device is not known here. Enrol it again.');
  if (device.disabled_at !== null) throw disabled();
  const accessToken = newToken('dla_');
  const expiresAt = now + SESSION_MS;
  const row = {
    token_hash: tokenHash(accessToken),
    device_id: proof.deviceId,
    user_id: device.user_id,
    expires_at: expiresAt,
  };
  await db.progress(async (trx) => {
    await trx.insertInto('sessions').values(row).execute();
    await trx.updateTable('devices').set({ seen_at: now }).where('id', '=', proof.deviceId).execute();
  });
  return { accessToken, expiresAt };
}

/** A user's devices, the newest first. */
export async function listDevices(db: Db, userId: UserId, current: DeviceId | null): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'name', 'platform', 'created_at', 'seen_at'])
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id, name, platform, created_at, seen_at }) => ({
    id,
    name,
    platform,
    createdAt: created_at,
    seenAt: seen_at,
    current: id === current,
  }));
}

/** Takes a device's access back, with its sessions. Refused as not-found when the user has no such device. */
export async function revokeDevice(db: Db, userId: UserId, id: DeviceId): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const gone = await trx
      .deleteFrom('devices')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('name')
      .executeTakeFirst();
    if (!gone) throw refuse('not-found', 'You have no such device. Look at the list of your devices again.');
    await recordEvent(trx, { userId, action: 'device-revoked', detail: gone.name });
  });
}

/** Takes the access of all devices but this one back, and of those that a code would still let in. */
export async function revokeOtherDevices(trx: Db, userId: UserId, kept: DeviceId | null): Promise<void> {
  const gone = await trx
    .deleteFrom('devices')
    .where('user_id', '=', userId)
    .where('id', '<>', kept ?? ('' as DeviceId))
    .returning('name')
    .execute();
  for (const { name } of gone) await recordEvent(trx, { userId, action: 'device-revoked', detail: name });
  await trx.deleteFrom('pairings').where('user_id', '=', userId).execute();
}

/** Forgets sessions that have ended, and pairing codes. */
export async function sweepSessions(db: Db, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute();
  await db.deleteFrom('pairings').where('expires_at', '<', now).execute();
}
