import { z } from 'zod';

export const Health = z.object({ status: z.literal('ok'), version: z.string(), serverId: z.string() });
export type Health = z.infer<typeof Health>;

/** Whether the server can do its work: `good`, or one word for what is wrong with that part. */
export const Readiness = z.object({
  ready: z.boolean(),
  database: z.enum(['good', 'unreadable']),
  storage: z.enum(['good', 'full', 'unreachable']),
  bucket: z.enum(['good', 'unreachable']).optional().describe('Where content lies in one; storage says the same then'),
  ffmpeg: z
    .enum(['good', 'missing'])
    .describe('missing: videos and sounds have no thumbnails; nothing else is held up'),
});
export type Readiness = z.infer<typeof Readiness>;
