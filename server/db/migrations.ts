import { first } from './migrations/0001-first.ts';
import { retention } from './migrations/0002-retention.ts';
import { library } from './migrations/0003-library.ts';
import { links } from './migrations/0004-links.ts';
import { media } from './migrations/0005-media.ts';
import { accounts } from './migrations/0006-accounts.ts';
import { audit } from './migrations/0007-audit.ts';
import { views } from './migrations/0008-views.ts';
import { quarantine } from './migrations/0009-quarantine.ts';
import { mediaRuns } from './migrations/0010-media-runs.ts';
import { stores } from './migrations/0011-stores.ts';
import type { Migration } from './migrations/onBoth.ts';
import { beginning } from './migrations/postgres/beginning.ts';

/** What SQLite went through before there was PostgreSQL, which begins where these have led. */
const BEFORE = [first, retention, library, links, media, accounts, audit, views] as const;

/** Each runs once, in this order, for ever: a new idea is a new entry, with a text for each database. */
export const MIGRATIONS: readonly Migration[] = [
  ...BEFORE.map((sqlite, i) => ({ sqlite, postgres: i === 0 ? beginning : '' })),
  quarantine,
  mediaRuns,
  stores,
];

/** A database that a newer version has written is left as it is. */
export const TOO_NEW = 'The database was written by a newer version of driftless-server. Update this one.';
