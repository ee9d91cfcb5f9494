import { spawnSync } from 'node:child_process';

const MARK = 'DRIFTLESS_BENCH_ALONE';

/**
 * Starts the benchmark again in a network namespace of its own, where the system allows that: there the loopback
 * interface carries nothing but the peers' traffic, and nothing can leave the machine. Returns a sentence for the
 * reader when that was not possible; does not return in the process that started the other.
 */
export function runAlone(): string | undefined {
  const mark = process.env[MARK];
  if (mark !== undefined) return mark === '' ? undefined : mark;
  if (process.platform !== 'linux') return 'Wire, CPU and memory are measured on Linux only.';
  const unshare = process.getuid?.() === 0 ? ['-n'] : ['-rn'];
  const script = 'ip link set lo up && exec "$@"';
  const alone = (...command: readonly string[]): readonly string[] => [
    ...unshare,
    'sh',
    '-c',
    script,
    'sh',
    ...command,
  ];
  if (spawnSync('unshare', alone('true')).status !== 0) {
    return 'Wire bytes count everything on the loopback interface, other programs included: a network namespace was not to be had.';
  }
  const { status } = spawnSync('unshare', alone(process.execPath, ...process.argv.slice(1)), {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '' },
  });
  process.exit(status ?? 1);
}
