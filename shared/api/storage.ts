import { z } from 'zod';

export const StorageUsage = z.object({
  usedBytes: z.number().int().describe('Live files'),
  reservedBytes: z.number().int().describe('Held by uploads under way'),
  limitBytes: z.number().int().nullable().describe('null: unlimited'),
  keptBytes: z.number().int().describe('Trash and earlier versions'),
  fileCount: z.number().int(),
});
export type StorageUsage = z.infer<typeof StorageUsage>;
