const NANOSECONDS = 1e9;

/**
 * Seconds to hand to `utimes` so that the file's time, read back in whole milliseconds, is exactly this one. Seconds
 * travel as a double: for every other millisecond of today the nearest double lies just before it, and reading back
 * would tell the millisecond before. One microsecond more never does.
 */
export function secondsForMtime(mtimeMs: number): number {
  const seconds = mtimeMs / 1000;
  if (millisecondsReadBack(seconds) === mtimeMs) return seconds;
  return (mtimeMs + Math.sign(mtimeMs) / 1000) / 1000;
}

/** What libuv makes of the double: whole seconds and nanoseconds, both cut off towards zero. */
function millisecondsReadBack(seconds: number): number {
  const whole = Math.trunc(seconds);
  const nanoseconds = Math.trunc((seconds - whole) * NANOSECONDS);
  return whole * 1000 + Math.trunc(nanoseconds / 1e6);
}
