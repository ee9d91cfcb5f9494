import { JOB_BYTES } from '../hash/hasher.ts';

/** Jobs that one transfer has with the worker threads at a time. */
const JOBS_AT_ONCE = 3;

/**
 * Hands items to `run` in groups of about 16 MiB, a few groups at a time; a group also ends where `joins` says that the
 * next item does not follow on. Rejects with the first failure, after all that was begun has ended.
 */
export async function inGroups<T extends { readonly length: number }>(
  items: readonly T[],
  joins: (before: T, item: T) => boolean,
  run: (group: readonly T[]) => Promise<void>,
): Promise<void> {
  const groups = groupsOf(items, joins);
  const lane = async (): Promise<void> => {
    try {
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) await run(group);
    } catch (error) {
      groups.length = 0;
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: JOBS_AT_ONCE }, lane));
  for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
}

function groupsOf<T extends { readonly length: number }>(
  items: readonly T[],
  joins: (before: T, item: T) => boolean,
): T[][] {
  const groups: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group === undefined || before === undefined || bytes >= JOB_BYTES || !joins(before, item)) {
      groups.push([item]);
      bytes = 0;
    } else group.push(item);
    bytes += item.length;
  }
  return groups;
}
