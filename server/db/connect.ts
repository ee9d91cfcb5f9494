import type { Copies } from './copies.ts';
import type { Db } from './schema.ts';

/** The database: reads have connections of their own, so that no transaction ever makes them wait. */
export interface Databases {
  readonly write: Db;
  readonly read: Db;
  /**
   * A transaction that a power cut may undo, and that is therefore done without waiting for the disk: for progress that
   * can be made again. Whatever is committed durably after it makes it durable too.
   */
  progress<T>(work: (trx: Db) => Promise<T>): Promise<T>;
  /** Identity of this store, made with its database. */
  readonly serverId: string;
  /** The other processes that serve from the same database. */
  readonly copies: Copies;
  close(): Promise<void>;
}
