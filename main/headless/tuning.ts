import { setFlagsFromString } from 'node:v8';

/**
 * Imported first by every program that runs an engine, before anything can touch libuv's pool: hashing, SQLite's
 * files and directory listings each hold one of its threads, and four of them starve each other. A size that the
 * person set stays.
 */
process.env.UV_THREADPOOL_SIZE ??= '16';

/**
 * What a look at very many files leaves behind is garbage at once. Left to itself the space for young objects grows to
 * 128 MiB meanwhile and stays; kept small it costs no time that could be measured. Electron has flags of its own.
 */
if (process.versions.electron === undefined) setFlagsFromString('--semi-space-growth-factor=1');
