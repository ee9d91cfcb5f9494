import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './durable.ts';
import { filesOlderThan } from './listing.ts';
import { readRange } from './readRange.ts';
import type { StoreReader } from './store.ts';

/** Looks at the objects of a data folder, or of a backup, whoever else is at work there. */
export const diskReader = (data: string): StoreReader => ({
  read: async (key, start, length) => readRange(await open(join(data, key), 'r'), start, length),

  async sizeOf(key) {
    try {
      return (await stat(join(data, key))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  olderThan: (before) => filesOlderThan(data, before),
});
