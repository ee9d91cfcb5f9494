/**
 * Imported before anything else by the command line: libuv reads this variable once, at the first file operation.
 * Sixteen threads, because storing many small files waits on the disk and not on the processor.
 */
process.env.UV_THREADPOOL_SIZE ??= '16';
