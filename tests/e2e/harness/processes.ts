import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What Linux tells about processes in /proc; elsewhere there is nothing to measure with. */
export const canMeasureProcesses = process.platform === 'linux';

let ticks: number | undefined;
const ticksPerSecond = (): number => {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
};

interface Stat {
  readonly parent: number;
  /** Of the process itself and of its children that have ended and been waited for. */
  readonly cpuTicks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold spaces; what follows it are fields 3 and up.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0] = fields.slice(1);
    return { parent, cpuTicks: fields.slice(11, 15).reduce((sum, value) => sum + value, 0) };
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

/** The process and everything it has started that still runs. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Processor seconds that the process and everything below it have used, ended children included. */
export const cpuSeconds = (root: number): number =>
  processTree(root).reduce((sum, pid) => sum + (statOf(pid)?.cpuTicks ?? 0), 0) / ticksPerSecond();

function memoryField(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const match = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Resident bytes now, summed over the process and everything below it. */
export const residentBytes = (root: number): number =>
  processTree(root).reduce((sum, pid) => sum + memoryField(pid, 'VmRSS'), 0);

/** Peak of resident bytes since `resetPeak`, summed over the processes that still run. */
export const peakBytes = (root: number): number =>
  processTree(root).reduce((sum, pid) => sum + memoryField(pid, 'VmHWM'), 0);

export function resetPeak(root: number): void {
  for (const pid of processTree(root)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // It has ended, or belongs to somebody else: then its peak is that of its whole life.
    }
  }
}

/** Processor seconds of all children of this process that have ended, their own children included. */
export function endedChildrenSeconds(): number {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return fields.slice(13, 15).reduce((sum, value) => sum + value, 0) / ticksPerSecond();
  } catch {
    return Number.NaN;
  }
}

/** Bytes that the process has read so far, from files and connections. */
export const readBytes = (pid: number): number =>
  Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
