/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, so that work can finish cleanly; the second ends the process at
 * once. A closed standard output counts as a wish to stop: nobody is left to read.
 */
export function stopRequested(): Promise<void> {
  return new Promise((requested) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(130);
      asked = true;
      requested();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') requested();
    });
  });
}
