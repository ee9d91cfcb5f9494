import { z } from 'zod';
import { DeviceId, UserId } from '../ids.ts';

/** Enrols a device. The proof is the bearer of the request: an enrolment token from `users add`. */
export const EnrolDevice = z.object({ name: z.string().min(1).max(100), platform: z.string().max(40) });
export type EnrolDevice = z.infer<typeof EnrolDevice>;

export const EnrolledDevice = z.object({
  deviceId: DeviceId,
  secret: z.string().describe('Shown once; proves the device from now on'),
  userId: UserId,
  serverId: z.string().describe('Identity of this store, made with its database'),
});
export type EnrolledDevice = z.infer<typeof EnrolledDevice>;

export const OpenSession = z.object({ deviceId: DeviceId, secret: z.string() });
export type OpenSession = z.infer<typeof OpenSession>;

export const Session = z.object({ accessToken: z.string(), expiresAt: z.number().int().describe('Unix ms') });
export type Session = z.infer<typeof Session>;

export const Me = z.object({
  userId: UserId,
  name: z.string(),
  role: z.enum(['user', 'admin']),
  plan: z.string(),
  serverId: z.string(),
  maxFileBytes: z.number().int(),
});
export type Me = z.infer<typeof Me>;
