import type { StorageUsage } from '../../shared/api/storage.ts';
import { fixedSize, percentOf, shortSize } from './words.ts';

/** What a reservation holds is not available, though it is not used yet. */
const availableOf = ({ usedBytes, reservedBytes, limitBytes }: StorageUsage): number | null =>
  limitBytes === null ? null : Math.max(0, limitBytes - usedBytes - reservedBytes);

/** `{used, limit, available, percentage, canUpload}`; no limit is null. */
export function quotaOf(usage: StorageUsage) {
  const available = availableOf(usage);
  return {
    used: usage.usedBytes,
    limit: usage.limitBytes,
    available,
    percentage: percentOf(usage.usedBytes, usage.limitBytes),
    canUpload: available === null || available > 0,
  };
}

export function quotaInWords(usage: StorageUsage) {
  const quota = quotaOf(usage);
  return {
    ...quota,
    usedFormatted: shortSize(quota.used),
    limitFormatted: quota.limit === null ? 'Unlimited' : shortSize(quota.limit),
    availableFormatted: quota.available === null ? 'Unlimited' : shortSize(quota.available),
  };
}

/** The same in the words of the other system: all of it text, and the numbers beside it. */
export function storageInfo(usage: StorageUsage) {
  const { used, limit, available, percentage } = quotaOf(usage);
  return {
    used: fixedSize(used),
    limit: limit === null ? 'Unlimited' : fixedSize(limit),
    available: available === null ? 'Unlimited' : fixedSize(available),
    percentage_used: `${percentage.toFixed(2)}%`,
    raw: { used, limit, available, percentage_used: Math.round(percentage * 100) / 100 },
  };
}
