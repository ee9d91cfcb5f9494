import { audit } from './audit.ts';
import { counters } from './counters.ts';
import { indexes } from './indexes.ts';
import { tables } from './tables.ts';
import { views } from './views.ts';

/** PostgreSQL: what the first eight steps of SQLite come to. It stays as it is; what follows are steps on both. */
export const beginning = [tables, indexes, counters, audit, views].join('\n');
