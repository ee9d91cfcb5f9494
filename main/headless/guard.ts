/**
 * Preloaded into a child process (`--import`): ends it when the process that started it is gone, however that ended.
 * The channel closes then; it does not keep the child alive by itself.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
