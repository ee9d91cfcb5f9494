import { create } from 'zustand';
import { remember, remembered } from './remembered.ts';

const KEY = 'quota-known';
const isThreshold = (value: unknown): value is number => typeof value === 'number';

/** The highest threshold of the quota whose banner a person has put away: each is told once. */
export const useQuotaKnown = create<{ readonly threshold: number }>(() => ({
  threshold: remembered(KEY, isThreshold, 0),
}));

export function knowQuota(threshold: number): void {
  useQuotaKnown.setState({ threshold });
  remember(KEY, threshold);
}
