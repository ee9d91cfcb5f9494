/** Timers that a test may let be due: those that wait so long, in ms, or longer. */
const LONG_MS = 500;

interface Waiting {
  readonly ms: number;
  readonly timer: NodeJS.Timeout;
  readonly run: () => void;
}

const waiting = new Set<Waiting>();

/** From here on long waits of this process can be ended by `passTime`; they end by themselves as ever. */
export function holdTimers(): void {
  const real = globalThis.setTimeout;
  const held = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout => {
    if (ms < LONG_MS) return real(run, ms, ...args);
    const due = (): void => {
      waiting.delete(one);
      run(...args);
    };
    const one: Waiting = { ms, timer: real(due, ms), run: due };
    waiting.add(one);
    return one.timer;
  };
  globalThis.setTimeout = Object.assign(held, { __promisify__: real.__promisify__ }) as unknown as typeof setTimeout;
  const realClear = globalThis.clearTimeout;
  globalThis.clearTimeout = ((timer: NodeJS.Timeout | undefined) => {
    for (const one of waiting) if (one.timer === timer) waiting.delete(one);
    realClear(timer);
  }) as typeof clearTimeout;
}

/** Every wait of at most so many ms is over. */
export function passTime(ms: number): void {
  for (const one of [...waiting]) {
    if (one.ms > ms || !waiting.has(one)) continue;
    clearTimeout(one.timer);
    one.run();
  }
}
