import type { Config } from './config.ts';
import type { Readers } from './content/readers.ts';
import type { Databases } from './db/connect.ts';

/** What the commands of the command line share. */
export interface Shell {
  /** As flags and the environment say. Throws ConfigFault. */
  config(): Config;
  json(): boolean;
  print(text: string): void;
  /** Works beside a running server: SQLite makes the two wait for each other. Makes the database when there is none. */
  withDatabase<T>(work: (db: Databases) => Promise<T>): Promise<T>;
  /** The same for what makes no sense without a server's data. Throws ConfigFault. */
  withExisting<T>(work: (db: Databases) => Promise<T>): Promise<T>;
  /** The same, and looks at stored objects wherever they lie. */
  withStores<T>(work: (db: Databases, stores: Readers) => Promise<T>): Promise<T>;
}
