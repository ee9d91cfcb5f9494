import { z } from 'zod';
import { DeviceId, UserId } from '../ids.ts';

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 1_000;

/** How a device shows whose it is, where it has no enrolment token. */
export const DeviceProof = z.discriminatedUnion('type', [
  z.object({ type: z.literal('password'), name: z.string().max(100), password: z.string().max(PASSWORD_MAX) }),
  z.object({ type: z.literal('pairing'), code: z.string().max(40) }),
]);
export type DeviceProof = z.infer<typeof DeviceProof>;

/**
 * Enrols a device. The proof is in the request or, where it is absent, the request's bearer: an enrolment token from
 * `users add`, or a token of Clerk.
 */
export const EnrolDevice = z.object({
  name: z.string().min(1).max(100),
  platform: z.string().max(40),
  proof: DeviceProof.optional(),
});
export type EnrolDevice = z.infer<typeof EnrolDevice>;

export const EnrolledDevice = z.object({
  deviceId: DeviceId,
  secret: z.string().describe('Shown once; proves the device from now on'),
  userId: UserId,
  serverId: z.string().describe('Identity of this store, made with its database'),
});
export type EnrolledDevice = z.infer<typeof EnrolledDevice>;

export const Device = z.object({
  id: DeviceId,
  name: z.string(),
  platform: z.string(),
  createdAt: z.number().int().describe('Unix ms'),
  seenAt: z.number().int().nullable().describe('When it last opened a session; null: never'),
  current: z.boolean().describe('The one that asks'),
});
export type Device = z.infer<typeof Device>;
export const DeviceList = z.object({ devices: z.array(Device) });
export type DeviceList = z.infer<typeof DeviceList>;

export const OpenSession = z.object({ deviceId: DeviceId, secret: z.string() });
export type OpenSession = z.infer<typeof OpenSession>;

export const Session = z.object({ accessToken: z.string(), expiresAt: z.number().int().describe('Unix ms') });
export type Session = z.infer<typeof Session>;

/** Lets one more device in: typed there, once. */
export const Pairing = z.object({
  code: z.string().describe('Two groups of four, like 7KQM-2D9X; case, spaces and hyphens do not matter'),
  expiresAt: z.number().int().describe('Unix ms'),
});
export type Pairing = z.infer<typeof Pairing>;

export const ChangePassword = z.object({
  current: z
    .string()
    .max(PASSWORD_MAX)
    .nullable()
    .describe('null: there is none yet, or the bearer is an enrolment token'),
  password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
  otherDevices: z
    .enum(['end', 'keep'])
    .optional()
    .describe('Whether the devices that do not ask lose their access; default: they do, where there was a password'),
});
export type ChangePassword = z.infer<typeof ChangePassword>;

/** The ways of signing in that this server has. */
export const SignInMethods = z.object({
  methods: z.array(z.enum(['enrolment-token', 'password', 'pairing', 'clerk'])),
  clerk: z.object({ publishableKey: z.string() }).nullable().describe('What a client needs to sign in with Clerk'),
});
export type SignInMethods = z.infer<typeof SignInMethods>;

export const Me = z.object({
  userId: UserId,
  name: z.string(),
  role: z.enum(['user', 'admin']),
  plan: z.string(),
  hasPassword: z.boolean(),
  serverId: z.string(),
  maxFileBytes: z.number().int(),
});
export type Me = z.infer<typeof Me>;
