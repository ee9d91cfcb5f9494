import { readFileSync } from 'node:fs';

/**
 * Resolves when the process that started us is gone: whoever runs `npm start` and dies must not leave an engine behind.
 * Nothing tells it on every platform, so the line of parents is compared now and then, as seldom as anything here wakes up.
 */
export function parentGone(everyMs = 30_000): Promise<void> {
  const before = parents();
  return new Promise((gone) => {
    const timer = setInterval(() => {
      if (parents() === before) return;
      clearInterval(timer);
      gone();
    }, everyMs);
    timer.unref();
  });
}

/** npm runs a script in a shell, which outlives it: there the shell's own parent counts too. */
function parents(): string {
  const underNpm = process.env.npm_lifecycle_event !== undefined && process.platform === 'linux';
  return underNpm ? `${process.ppid} ${parentOf(process.ppid)}` : `${process.ppid}`;
}

/** The fourth field of proc(5) stat; the second may hold anything, in brackets. */
function parentOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined;
  }
}
