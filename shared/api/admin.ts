import { z } from 'zod';
import { UserId } from '../ids.ts';
import { Activity } from './storage.ts';

/**
 * For administrators: users, what they may store, and what happened. The audit names files; what is in them nothing
 * here shows.
 */

const Role = z.enum(['user', 'admin']);
const Bytes = z.number().int().nonnegative();
const Limit = Bytes.nullable().describe('null: unlimited');

export const AdminUser = z.object({
  id: UserId,
  name: z.string(),
  clerkId: z.string().nullable(),
  role: Role,
  plan: z.string(),
  limitBytes: Limit,
  limitIsOwn: z.boolean().describe('The limit is the user’s own and not that of the plan'),
  usedBytes: Bytes,
  reservedBytes: Bytes,
  keptBytes: Bytes,
  fileCount: z.number().int(),
  disabledAt: z.number().int().nullable(),
  createdAt: z.number().int(),
});
export type AdminUser = z.infer<typeof AdminUser>;
export const AdminUserPage = z.object({ users: z.array(AdminUser), next: z.string().nullable() });
export type AdminUserPage = z.infer<typeof AdminUserPage>;

export const AddUser = z.object({ name: z.string(), plan: z.string().optional(), role: Role.default('user') });
export const AddedUser = z.object({
  id: UserId,
  name: z.string(),
  token: z.string().describe('Enrols devices; shown once'),
});

/** What is not named stays. */
export const ChangeUser = z.object({
  role: Role.optional(),
  disabled: z.boolean().optional(),
  plan: z.string().optional(),
  quota: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('plan') }),
      z.object({ type: z.literal('own'), bytes: Limit }),
    ])
    .optional(),
});
export type ChangeUser = z.infer<typeof ChangeUser>;

export const PlanList = z.object({
  plans: z.array(z.object({ name: z.string(), quotaBytes: Limit, users: z.number().int() })),
});
export const ChangePlan = z.object({ quotaBytes: Limit });

/** Counters that were not what they count, and are now. */
export const Recalculated = z.object({
  corrected: z.array(z.object({ userId: UserId, counter: z.string(), was: z.number().int(), is: z.number().int() })),
});
export type Recalculated = z.infer<typeof Recalculated>;

export const AuditPage = z.object({
  entries: z.array(Activity.extend({ userId: UserId.nullable(), userName: z.string().nullable() })),
  next: z.string().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;

export const UsageReport = z.object({
  users: z.number().int(),
  disabled: z.number().int(),
  fileCount: z.number().int(),
  usedBytes: Bytes,
  keptBytes: Bytes,
  reservedBytes: Bytes,
  plans: z.array(
    z.object({ name: z.string(), users: z.number().int(), usedBytes: Bytes, fileCount: z.number().int() }),
  ),
  nearLimit: z
    .array(z.object({ id: UserId, name: z.string(), usedBytes: Bytes, limitBytes: Bytes }))
    .describe('Users who have used four fifths of what they may, the fullest first'),
  days: z
    .array(z.object({ day: z.string().describe('2026-01-31, in UTC'), uploads: z.number().int(), bytes: Bytes }))
    .describe('Files stored on each of the last thirty days with any, and by how much the live files grew with them'),
});
export type UsageReport = z.infer<typeof UsageReport>;
