import { formatBytes } from '../bytes.ts';
import type { StorageSlice } from './snapshot.ts';

/** Shares of the quota, in per cent, at which a person is told, once each on the way up. */
export const QUOTA_THRESHOLDS = [80, 95, 100] as const;
export type QuotaThreshold = (typeof QUOTA_THRESHOLDS)[number];

/** The highest threshold that is reached; null: none is, or there is no limit. */
export function quotaReached({
  usedBytes,
  limitBytes,
}: Pick<StorageSlice, 'usedBytes' | 'limitBytes'>): QuotaThreshold | null {
  if (limitBytes === null) return null;
  // A quota of nothing is full from the beginning.
  const percent = limitBytes === 0 ? 100 : (usedBytes / limitBytes) * 100;
  return QUOTA_THRESHOLDS.findLast((threshold) => percent >= threshold) ?? null;
}

/** `2.4 GB of 10 GB` */
export const storageLine = ({ usedBytes, limitBytes }: StorageSlice): string =>
  limitBytes === null ? `${formatBytes(usedBytes)} used` : `${formatBytes(usedBytes)} of ${formatBytes(limitBytes)}`;

/** What reaching a threshold means, as a sentence with a next step. */
export function quotaSentence(threshold: QuotaThreshold): string {
  switch (threshold) {
    case 80:
      return 'Your storage is 80 % full. Empty the trash or choose a larger plan in good time.';
    case 95:
      return 'Your storage is almost full. Delete what you no longer need, or choose a larger plan.';
    case 100:
      return 'Your storage is full, so new files wait on this computer. Delete something or choose a larger plan.';
  }
}
