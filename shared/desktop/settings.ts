import { z } from 'zod';

/** What a person can choose. Rates in bytes a second; null: no limit. */
export const Settings = z.object({
  limitUp: z.number().int().positive().nullable(),
  limitDown: z.number().int().positive().nullable(),
  pauseOnBattery: z.boolean(),
  pauseOnMetered: z.boolean(),
  notifications: z.enum(['all', 'problems', 'off']),
  startAtLogin: z.boolean(),
  appearance: z.enum(['system', 'light', 'dark']),
});
export type Settings = z.infer<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = {
  limitUp: null,
  limitDown: null,
  pauseOnBattery: false,
  pauseOnMetered: false,
  notifications: 'all',
  startAtLogin: false,
  appearance: 'system',
};
