import { z } from 'zod';
import { FILE_TYPES, type FileType } from '../fileTypes.ts';
import { NodeId } from '../ids.ts';

export const StorageUsage = z.object({
  usedBytes: z.number().int().describe('Live files'),
  reservedBytes: z.number().int().describe('Held by uploads under way'),
  limitBytes: z.number().int().nullable().describe('null: unlimited'),
  keptBytes: z.number().int().describe('Trash and earlier versions'),
  fileCount: z.number().int(),
});
export type StorageUsage = z.infer<typeof StorageUsage>;

/** Live files by their type and category; `category` null: none. */
export const StorageBreakdown = z.object({
  parts: z.array(
    z.object({
      type: z.enum(Object.keys(FILE_TYPES) as [FileType]),
      category: z.string().nullable(),
      bytes: z.number().int(),
      files: z.number().int(),
    }),
  ),
});
export type StorageBreakdown = z.infer<typeof StorageBreakdown>;

/** What happened to a user's storage, newest first; rows are only ever added. */
export const ACTIVITIES = [
  'upload',
  'replace',
  'move',
  'delete',
  'restore',
  'purge',
  'quota-change',
  'plan-change',
  'sign-in',
  'sign-in-failed',
  'password-change',
  'role-change',
  'refused-infected',
  'quarantine-release',
  'quarantine-delete',
  'user-disabled',
  'user-enabled',
  'device-added',
  'device-revoked',
  'link-created',
  'link-revoked',
] as const;
export const Activity = z.object({
  id: z.number().int(),
  at: z.number().int().describe('Unix ms'),
  action: z.enum(ACTIVITIES),
  nodeId: NodeId.nullable(),
  path: z.string().nullable().describe('Where the file was at that time'),
  bytes: z.number().int().describe('By how much the live files grew; negative: shrank'),
  by: z.string().nullable().describe('The device, or who else did it'),
  detail: z.string().nullable(),
});
export type Activity = z.infer<typeof Activity>;
export const ActivityPage = z.object({ activities: z.array(Activity), next: z.string().nullable() });
export type ActivityPage = z.infer<typeof ActivityPage>;
