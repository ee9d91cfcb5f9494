import { z } from 'zod';

/** What crosses the control socket. Fields are only ever added. */
export const ControlStatus = z.object({
  state: z.enum(['scanning', 'syncing', 'idle', 'waiting', 'paused', 'offline', 'halted']),
  pending: z.number(),
  generation: z.number(),
  syncedGeneration: z.number(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  problems: z.number(),
  held: z.number(),
  itemsDone: z.number(),
  itemsTotal: z.number(),
  direction: z.enum(['up', 'down', 'both']),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  syncedAt: z.number().nullable(),
  pausedUntil: z.number().nullable(),
  message: z.string().nullable(),
  folder: z.string(),
});
export type ControlStatus = z.infer<typeof ControlStatus>;

export const ControlProblems = z.object({
  problems: z.array(
    z.object({ path: z.string(), code: z.string(), message: z.string(), retryAt: z.number().nullable() }),
  ),
  held: z.array(z.object({ direction: z.enum(['local', 'remote']), paths: z.array(z.string()) })),
});
export type ControlProblems = z.infer<typeof ControlProblems>;

export const ControlPause = z.object({ forMs: z.number().int().positive().optional() });
export const ControlGeneration = z.object({ generation: z.number() });
export const ControlDeletes = z.object({ deletes: z.number() });

export const ControlCloudOnlyWish = z.object({ path: z.string(), on: z.boolean() });
/** `refused`: one sentence with a next step, when nothing was changed. */
export const ControlCloudOnly = z.object({ folders: z.array(z.string()), refused: z.string().nullable() });
export type ControlCloudOnly = z.infer<typeof ControlCloudOnly>;

export const ControlIgnoreWish = z.object({ pattern: z.string() });
/** `added`: false when the pattern was there already. */
export const ControlIgnore = z.object({ pattern: z.string(), added: z.boolean(), refused: z.string().nullable() });
export type ControlIgnore = z.infer<typeof ControlIgnore>;

export const ControlWindow = z.object({ address: z.string().nullable() });
