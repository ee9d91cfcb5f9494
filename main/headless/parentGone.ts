/**
 * Resolves when the process that started us is gone: whoever runs `npm start` and dies must not leave an engine behind.
 * A number is compared now and then, since nothing tells it on every platform.
 */
export function parentGone(everyMs = 5000): Promise<void> {
  const parent = process.ppid;
  return new Promise((gone) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      gone();
    }, everyMs);
    timer.unref();
  });
}
