import { PACK_MAX_BYTES, PACK_MAX_FILES } from '../../../shared/api/limits.ts';

/** The items in order, cut where a pack would become too large. */
export function splitIntoPacks<T>(items: readonly T[], sizeOf: (item: T) => number): readonly T[][] {
  const packs: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const pack = packs.at(-1);
    const size = sizeOf(item);
    bytes += size;
    if (pack === undefined || pack.length === PACK_MAX_FILES || bytes > PACK_MAX_BYTES) {
      packs.push([item]);
      bytes = size;
    } else pack.push(item);
  }
  return packs;
}
