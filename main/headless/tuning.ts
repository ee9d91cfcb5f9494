/**
 * Imported first by every program that runs an engine, before anything can touch libuv's pool: hashing, SQLite's
 * files and directory listings each hold one of its threads, and four of them starve each other. A size that the
 * person set stays.
 */
process.env.UV_THREADPOOL_SIZE ??= '16';
