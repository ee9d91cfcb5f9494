import type { Logger } from 'pino';
import type { Bearers } from './auth/bearers.ts';
import type { Revocations } from './auth/revocations.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Stores } from './content/stores.ts';
import type { Databases } from './db/connect.ts';
import type { Wakeups } from './feed/wakeups.ts';
import type { LinkSigner } from './links/token.ts';
import type { Media } from './media/media.ts';
import type { Thumbnails } from './media/thumbnails.ts';
import type { Screen } from './screening/screen.ts';
import type { SearchIndexer } from './search/indexer.ts';
import type { DiskClaims } from './uploads/claims.ts';
import type { LiveUploads } from './uploads/taking.ts';

/** What the parts of the server share. Made once, in open.ts. */
export interface Services {
  readonly config: Config;
  readonly db: Databases;
  readonly content: Stores;
  readonly clock: Clock;
  readonly bearers: Bearers;
  readonly revocations: Revocations;
  readonly wakeups: Wakeups;
  readonly search: SearchIndexer;
  readonly links: LinkSigner;
  readonly uploads: LiveUploads;
  readonly claims: DiskClaims;
  readonly media: Media;
  readonly thumbnails: Thumbnails;
  /** null: everything may be stored. */
  readonly screen: Screen | null;
  readonly log: Logger;
}
