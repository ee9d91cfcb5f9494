/** npm passes Ctrl-C on to a process that had it from the terminal already: so close together, two are one. */
const ECHO_MS = 300;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, so that work can finish cleanly; the second ends the process at
 * once. A closed standard output counts as a wish to stop: nobody is left to read.
 */
export function stopRequested(): Promise<void> {
  return new Promise((requested) => {
    let askedAt: number | null = null;
    const ask = (): void => {
      if (askedAt !== null && performance.now() - askedAt > ECHO_MS) process.exit(130);
      askedAt ??= performance.now();
      requested();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') requested();
    });
  });
}
