/** How long a state may take to come before a test gives up on it, in ms. */
export const PATIENCE_MS = 30_000;
const POLL_MS = 15;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it. Throws after `patienceMs`,
 * naming what was awaited and the last error that asking met.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + patienceMs;
  let trouble = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
      trouble = '';
    } catch (error) {
      trouble = ` (last: ${error instanceof Error ? error.message : String(error)})`;
    }
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1000} s for ${what}${trouble}`);
    await pause(POLL_MS);
  }
}

/** The promise's value, or an error naming what was awaited when it takes longer. */
export async function within<T>(what: string, promise: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patienceMs / 1000} s for ${what}`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
