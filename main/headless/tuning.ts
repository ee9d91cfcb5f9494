import { setFlagsFromString } from 'node:v8';

/**
 * Imported first by every program that runs an engine, before anything can touch libuv's pool: hashing, SQLite's
 * files and directory listings each hold one of its threads, and four of them starve each other. A size that the
 * person set stays.
 */
process.env.UV_THREADPOOL_SIZE ??= '16';

/**
 * V8 lets its young generation grow to 16 MiB and more while many files are looked at, and keeps it. Held at its first
 * size, a first sync of 10,000 files peaks at 205 MiB instead of 250, for 4 % more processor time.
 * `--max-semi-space-size` would say it plainly, but is read before the first line of a program runs.
 */
setFlagsFromString('--semi-space-growth-factor=1');
