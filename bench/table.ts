import { KiB, MiB } from '../shared/bytes.ts';
import type { Sample } from './workloads.ts';

export interface Measured extends Sample {
  readonly peer: string;
  readonly workload: string;
  readonly run: number;
}

/** A finished benchmark, as `--out` writes it. */
export interface Result {
  readonly when: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly scale: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly samples: readonly Measured[];
  readonly failures: readonly string[];
}

const HEAD = [
  'peer',
  'time s',
  'min – max',
  'until on disk s',
  'wire',
  'CPU s client + server',
  'memory client + server',
];

/** One Markdown table for each workload: medians over the runs, fastest first. */
export function tables(result: Result, titles: ReadonlyMap<string, string>): string {
  const parts = [...titles].flatMap(([workload, title]) => {
    const samples = result.samples.filter((sample) => sample.workload === workload);
    return samples.length === 0 ? [] : [`### ${workload} ${title}\n\n${table(samples)}`];
  });
  if (result.scale !== 1) parts.unshift(`Sizes and numbers of files times ${result.scale}.`);
  if (result.missing.length > 0) parts.push(`Not installed: ${result.missing.join(', ')}.`);
  if (result.failures.length > 0) parts.push(`Failed:\n${result.failures.map((failure) => `- ${failure}`).join('\n')}`);
  return parts.join('\n\n');
}

function table(samples: readonly Measured[]): string {
  const peers = Map.groupBy(samples, ({ peer }) => peer);
  const resent = samples.some(({ sentAgain }) => sentAgain !== undefined);
  const rows = [...peers].map(([peer, runs]) => row(peer, runs, resent));
  rows.sort((one, other) => one.order - other.order);
  const head = resent ? [...HEAD, 'sent again'] : HEAD;
  return [head, head.map(() => '---'), ...rows.map(({ cells }) => cells)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function row(peer: string, runs: readonly Measured[], resent: boolean): { order: number; cells: readonly string[] } {
  const middle = (pick: (run: Measured) => number): number => median(runs.map(pick));
  const times = runs.flatMap((run) => run.latencies ?? [run.seconds]);
  const time = median(times);
  const cells = [
    peer,
    inSeconds(time),
    `${inSeconds(Math.min(...times))} – ${inSeconds(Math.max(...times))}`,
    inSeconds(middle((run) => (run.flushSeconds === undefined ? Number.NaN : run.seconds + run.flushSeconds))),
    inBytes(middle((run) => run.wireBytes)),
    `${inSeconds(middle((run) => run.cpu.client))} + ${inSeconds(middle((run) => run.cpu.server))}`,
    `${inBytes(middle((run) => run.peak.client))} + ${inBytes(middle((run) => run.peak.server))}`,
  ];
  return { order: time, cells: resent ? [...cells, inBytes(middle((run) => run.sentAgain ?? Number.NaN))] : cells };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return (low + high) / 2;
}

const inSeconds = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(value < 10 ? 2 : 1));

function inBytes(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value < 10 * KiB) return `${Math.round(value)} B`;
  if (value < 10 * MiB) return `${(value / KiB).toFixed(0)} KiB`;
  return `${(value / MiB).toFixed(0)} MiB`;
}
