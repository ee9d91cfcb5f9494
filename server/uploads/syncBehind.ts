import { MiB } from '../../shared/bytes.ts';
import type { StagedObject } from '../content/store.ts';

/** Brings a staged object to the disk now and then while it grows, so that completing it need not wait long. */
export interface SyncBehind {
  /** To be told of every write. */
  wrote(bytes: number): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const SYNC_BYTES = 64 * MiB;

/** `failed` hears of an error, after which none of the bytes written so far can be trusted. */
export function syncBehind(staged: StagedObject, failed: (error: unknown) => Promise<void>): SyncBehind {
  let unsynced = 0;
  let syncing: Promise<void> | undefined;
  return {
    wrote(bytes) {
      unsynced += bytes;
      if (unsynced < SYNC_BYTES || syncing) return;
      unsynced = 0;
      syncing = staged
        .sync()
        .catch(failed)
        .finally(() => {
          syncing = undefined;
        });
    },
    idle: async () => syncing,
  };
}
