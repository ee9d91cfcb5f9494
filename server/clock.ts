/** Time as the server's housekeeping sees it, so that tests can let days pass. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Runs a task every so many ms until the returned function is called. */
  every(ms: number, task: () => Promise<void>): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(ms, task) {
    const timer = setInterval(() => void task(), ms).unref();
    return () => clearInterval(timer);
  },
};
