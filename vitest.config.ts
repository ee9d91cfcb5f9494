import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { postgresPrograms } from './tests/server/postgres/cluster.ts';

/** Tests wait a lot, for disks, timers and programs: more of them than processors, but not so many that they starve. */
const SIDE_BY_SIDE = Math.max(3, availableParallelism());

const endToEnd = { setupFiles: ['tests/e2e/harness/endPrograms.ts'], testTimeout: 120_000, hookTimeout: 120_000 };

/** Server tests that no database has a part in: once is enough. */
const NOT_ON_POSTGRES = [
  // They ask SQLite itself, by hand; what they promise of routes and views is tried by the other files on both.
  'promises/*',
  // The command line beside a PostgreSQL has tests of its own, in tests/server/postgres.
  ...['cli', 'settings'],
  ...['content', 'docs', 'observe', 'ownJournal', 'password', 'plan', 'receive', 'transport', 'underWay'],
  ...['media/kinds', 'media/pictures', 'media/clips'],
].map((name) => `tests/server/${name}.test.ts`);

/** The server's tests once more, on PostgreSQL, those of buckets among them; left out where that is not installed, which npm test says. */
const onPostgres = {
  extends: true as const,
  test: {
    name: 'postgres',
    setupFiles: ['tests/fixedSeed.ts'],
    globalSetup: ['tests/server/postgres/globalSetup.ts', 'tests/server/s3/setup.ts'],
    include: ['tests/server/**/*.test.ts'],
    exclude: [...NOT_ON_POSTGRES],
    maxWorkers: SIDE_BY_SIDE,
    sequence: { groupOrder: 1 },
  },
};

/**
 * End-to-end tests start real servers and devices, so they come after everything else; those that measure memory or
 * time come last, one file at a time.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          setupFiles: ['tests/fixedSeed.ts'],
          globalSetup: ['tests/server/s3/setup.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/server/postgres/**'],
          maxWorkers: SIDE_BY_SIDE,
          sequence: { groupOrder: 0 },
        },
      },
      ...(postgresPrograms() ? [onPostgres] : []),
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: ['tests/e2e/measured/**'],
          maxWorkers: SIDE_BY_SIDE,
          ...endToEnd,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'measured',
          include: ['tests/e2e/measured/**/*.test.ts'],
          fileParallelism: false,
          ...endToEnd,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
