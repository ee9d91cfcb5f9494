import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GiB } from '../shared/bytes.ts';
import { pause } from '../tests/e2e/harness/wait.ts';
import { fill } from './data.ts';
import { flush, Meter, warm } from './measure.ts';
import { runAlone } from './namespace.ts';
import { cp } from './peers/cp.ts';
import { driftless } from './peers/driftless.ts';
import type { Bench, Peer } from './peers/peer.ts';
import { rsync } from './peers/rsync.ts';
import { tus } from './peers/tus.ts';
import { type Measured, type Result, tables } from './table.ts';
import { type Chain, chains, type Sample, type Stage, type Workload } from './workloads.ts';

const USAGE = `npm run bench -- [options]
  --workloads W1,W4   which to run; without, all
  --peers a,b         of driftless, rsync, tus, cp; without, all that are installed
  --runs 3            how often; the table shows medians
  --scale 1           size of the data: 0.1 is a tenth
  --idle 30           seconds of the idle workload
  --samples 10        files of the latency workload, a run
  --dir DIR           where to work; without, the temporary folder
  --out FILE          writes every sample as JSON`;

/** Some peers see times in whole seconds: a change must not share its second with the one before. */
const BETWEEN_STEPS_MS = 2_100;

const { values: flags } = parseArgs({
  options: {
    workloads: { type: 'string' },
    peers: { type: 'string', default: 'driftless,rsync,tus,cp' },
    runs: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    idle: { type: 'string', default: '30' },
    samples: { type: 'string', default: '10' },
    dir: { type: 'string', default: tmpdir() },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
const aloneNote = runAlone();

const all = chains.flatMap((chain) => chain.workloads);
const titles = new Map(all.map(({ id, title }) => [id, title]).sort(byNumber) as [string, string][]);
const wanted = new Set(flags.workloads?.split(',') ?? titles.keys());
const named = flags.peers.split(',');
const peers = [driftless, rsync, tus, cp].filter(({ name }) => named.includes(name));
const installed = peers.filter((peer) => peer.version() !== undefined);
const runs = positive('--runs', flags.runs);
const scale = positive('--scale', flags.scale);
const idleSeconds = positive('--idle', flags.idle);
const latencySamples = positive('--samples', flags.samples);
for (const id of wanted)
  if (!titles.has(id)) stopWith(`There is no workload ${id}: choose from ${[...titles.keys()]}.`);
for (const name of named) {
  if (!peers.some((peer) => peer.name === name))
    stopWith(`There is no peer ${name}: choose from driftless, rsync, tus, cp.`);
}

const scratch = mkdtempSync(join(flags.dir, 'driftless-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const samples: Measured[] = [];
const failures: string[] = [];
// Runs are the outermost loop, so that slow drifts of the machine meet all peers alike.
for (let run = 1; run <= runs; run += 1) {
  for (const chain of chains) {
    for (const peer of installed) {
      const chosen = chain.workloads.filter((workload) => wanted.has(workload.id) && workload.fits(peer));
      if (chosen.length > 0) await runChain(chain, peer, run);
    }
  }
}

const result: Result = {
  when: new Date().toISOString(),
  machine: {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / GiB),
    system: `${process.platform} ${release()}`,
    node: process.version,
  },
  scale,
  versions: Object.fromEntries(installed.map((peer) => [peer.name, peer.version() ?? ''])),
  missing: peers.filter((peer) => !installed.includes(peer)).map(({ name }) => name),
  samples,
  failures,
};
if (flags.out !== undefined) writeFileSync(flags.out, `${JSON.stringify(result, null, 1)}\n`);
console.log(`\n${tables(result, titles)}\n${aloneNote === undefined ? '' : `\n${aloneNote}\n`}`);
process.exit(failures.length > 0 ? 1 : 0);

/** Sets one peer up on fresh folders and takes it through the chain; a failure ends the chain, not the benchmark. */
async function runChain(chain: Chain, peer: Peer, run: number): Promise<void> {
  const folder = join(scratch, 'work');
  const bench: Bench = {
    source: join(folder, 'source'),
    target: join(folder, 'target'),
    state: join(folder, 'state'),
    meter: new Meter(),
  };
  const staged = join(folder, 'staged');
  for (const path of [bench.source, bench.target, bench.state, staged]) mkdirSync(path, { recursive: true });
  let current = 'setup';
  try {
    const data = fill(staged, chain.data, scale);
    const running = await peer.start(bench);
    try {
      const measure = (change: () => void): Promise<Sample> => measureStep(bench, running, data.bytes, change);
      const stage: Stage = { bench, running, data, staged, run, idleSeconds, latencySamples, measure };
      for (const [index, workload] of chain.workloads.entries()) {
        if (!workload.fits(peer) || (index > 0 && !wanted.has(workload.id))) continue;
        current = workload.id;
        const sample = await workload.run(stage);
        if (wanted.has(workload.id)) keep(peer, workload, run, sample);
        await pause(BETWEEN_STEPS_MS);
      }
    } finally {
      await running.stop();
    }
  } catch (error) {
    const failure = `${peer.name} ${current} run ${run}: ${error instanceof Error ? error.message : String(error)}`;
    failures.push(failure);
    console.error(failure);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    flush();
  }
}

async function measureStep(
  bench: Bench,
  running: { sync(): Promise<void>; verify(): Promise<void> },
  bytes: number,
  change: () => void,
): Promise<Sample> {
  flush();
  warm(join(bench.state, 'warm'), bytes);
  const end = bench.meter.begin();
  change();
  await running.sync();
  const cost = end();
  const flushing = performance.now();
  flush();
  const flushSeconds = (performance.now() - flushing) / 1000;
  await running.verify();
  return { ...cost, flushSeconds };
}

function keep(peer: Peer, workload: Workload, run: number, sample: Sample): void {
  samples.push({ ...sample, peer: peer.name, workload: workload.id, run });
  const mib = (sample.wireBytes / 2 ** 20).toFixed(2);
  console.error(`run ${run}  ${peer.name}  ${workload.id}  ${sample.seconds.toFixed(2)} s  ${mib} MiB on the wire`);
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) stopWith(`${flag} "${text}" is not a number above zero.`);
  return value;
}

function byNumber([one = '']: readonly string[], [other = '']: readonly string[]): number {
  return Number(one.slice(1)) - Number(other.slice(1));
}

function stopWith(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
