import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { MiB } from '../shared/bytes.ts';
import {
  canMeasureProcesses,
  cpuSeconds,
  peakBytes,
  resetPeak,
  residentBytes,
} from '../tests/e2e/harness/processes.ts';

export type Role = 'client' | 'server';

/** What one step cost. Seconds and bytes; NaN where this system does not tell. */
export interface Cost {
  readonly seconds: number;
  /** Both directions together, headers of TCP and IP included. */
  readonly wireBytes: number;
  readonly cpu: Readonly<Record<Role, number>>;
  readonly peak: Readonly<Record<Role, number>>;
  readonly resident: Readonly<Record<Role, number>>;
}

const SAMPLE_MS = 40;

/** Watches the processes of one peer. A process counts from `watch` on, until it has ended. */
export class Meter {
  readonly #pids: Record<Role, Set<number>> = { client: new Set(), server: new Set() };
  #ended: Record<Role, number> = { client: 0, server: 0 };

  watch(role: Role, pid: number): void {
    this.#pids[role].add(pid);
  }

  /** Stops counting a process; `seconds` is the processor time of one that had to be measured by its own parent. */
  forget(role: Role, pid: number, seconds = 0): void {
    this.#pids[role].delete(pid);
    this.#ended[role] += seconds;
  }

  /** Begins a step; the returned function ends it. */
  begin(): () => Cost {
    const both = (ask: (role: Role) => number): Record<Role, number> => ({
      client: ask('client'),
      server: ask('server'),
    });
    const sum = (role: Role, ask: (pid: number) => number): number =>
      canMeasureProcesses ? [...this.#pids[role]].reduce((total, pid) => total + ask(pid), 0) : Number.NaN;

    for (const role of ['client', 'server'] as const) for (const pid of this.#pids[role]) resetPeak(pid);
    this.#ended = { client: 0, server: 0 };
    const before = both((role) => sum(role, cpuSeconds));
    const peak = { client: 0, server: 0 };
    const sample = (): void => {
      for (const role of ['client', 'server'] as const) peak[role] = Math.max(peak[role], sum(role, peakBytes));
    };
    const sampler = setInterval(sample, SAMPLE_MS);
    const wire = wireBytes();
    const start = performance.now();
    return () => {
      const seconds = (performance.now() - start) / 1000;
      const wireNow = wireBytes();
      clearInterval(sampler);
      sample();
      return {
        seconds,
        wireBytes: wireNow - wire,
        cpu: both((role) => sum(role, cpuSeconds) - before[role] + this.#ended[role]),
        peak,
        resident: both((role) => sum(role, residentBytes)),
      };
    };
  }
}

/** Bytes that have crossed the loopback interface, as the kernel counts them. */
export function wireBytes(): number {
  try {
    return Number(/^\s*lo:\s*(\d+)/m.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}

/** Writes everything out, so that no peer pays for what came before it. */
export function flush(): void {
  if (process.platform !== 'win32') execFileSync('sync');
}

/**
 * Takes as much memory from the system as a step will need, and gives it back: on a virtual machine the first use of a
 * page is expensive, and whoever comes first would pay for all.
 */
export function warm(file: string, bytes: number): void {
  const piece = Buffer.alloc(4 * MiB);
  const handle = openSync(file, 'w');
  for (let left = bytes; left > 0; left -= piece.length) writeSync(handle, piece);
  closeSync(handle);
  rmSync(file);
}
