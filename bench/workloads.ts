import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { KiB, MiB } from '../shared/bytes.ts';
import { randomBytes } from '../tests/e2e/harness/random.ts';
import { pause, until } from '../tests/e2e/harness/wait.ts';
import { type DataSet, type DataSetName, HALF, LARGE_FILE } from './data.ts';
import { type Cost, wireBytes } from './measure.ts';
import type { Bench, Peer, Running } from './peers/peer.ts';

/** One peer, set up and in front of one data set. */
export interface Stage {
  readonly bench: Bench;
  readonly running: Running;
  readonly data: DataSet;
  /** Where the data set lies until it appears in the source. */
  readonly staged: string;
  /** Number of this run, from 1: changes differ from run to run. */
  readonly run: number;
  readonly idleSeconds: number;
  readonly latencySamples: number;
  /** Makes a change, waits until the peer says that both sides agree, and checks that they do. */
  measure(change: () => void): Promise<Sample>;
}

export interface Sample extends Cost {
  /** How long it took until the target's bytes were on the disk, beyond `seconds`. */
  readonly flushSeconds?: number;
  /** Seconds from written here to complete there, one for each file. */
  readonly latencies?: readonly number[];
  /** Bytes on the wire beyond the file's size, over both lives of a killed client. */
  readonly sentAgain?: number;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly fits: (peer: Peer) => boolean;
  readonly run: (stage: Stage) => Promise<Sample>;
}

/** Workloads that follow each other on one setup; the first makes what the others change. */
export interface Chain {
  readonly data: DataSetName;
  readonly workloads: readonly [Workload, ...Workload[]];
}

const everyPeer = (): boolean => true;
const followers = (peer: Peer): boolean => peer.followsChanges;
const watchers = (peer: Peer): boolean => peer.watches;

/** The data set appears in the source by renames, so that nobody can start early. */
function appear({ staged, bench }: Stage): void {
  for (const name of readdirSync(staged)) renameSync(join(staged, name), join(bench.source, name));
}

const initial = (id: string, title: string): Workload => ({
  id,
  title,
  fits: everyPeer,
  run: (stage) => stage.measure(() => appear(stage)),
});

const large = (stage: Stage): string => join(stage.bench.source, LARGE_FILE);

const overwrite: Workload = {
  id: 'W4',
  title: 'overwrite 1 MiB in the middle of it',
  fits: followers,
  run: (stage) =>
    stage.measure(() => {
      const file = openSync(large(stage), 'r+');
      const middle = Math.floor(statSync(large(stage)).size / 2);
      writeSync(file, randomBytes(`bench/W4/${stage.run}`, MiB), 0, MiB, middle);
      closeSync(file);
    }),
};

const insert: Workload = {
  id: 'W5',
  title: 'insert 1 KiB near its beginning',
  fits: followers,
  run: (stage) => {
    const aside = join(stage.staged, 'inserted');
    insertInto(large(stage), aside, randomBytes(`bench/W5/${stage.run}`, KiB));
    return stage.measure(() => renameSync(aside, large(stage)));
  },
};

const append: Workload = {
  id: 'W6',
  title: 'append 10 MiB to it',
  fits: followers,
  run: (stage) => {
    const bytes = randomBytes(`bench/W6/${stage.run}`, 10 * MiB);
    return stage.measure(() => appendFileSync(large(stage), bytes));
  },
};

const rename: Workload = {
  id: 'W7',
  title: 'rename a folder with half of them',
  fits: followers,
  run: (stage) =>
    stage.measure(() => renameSync(join(stage.bench.source, HALF), join(stage.bench.source, `${HALF} renamed`))),
};

const nothing: Workload = {
  id: 'W8',
  title: 'sync again with nothing changed',
  fits: followers,
  run: (stage) => stage.measure(() => {}),
};

const latency: Workload = {
  id: 'W9',
  title: 'a 4 KiB file written on one device until it is complete on another, unasked',
  fits: watchers,
  run: async (stage) => {
    const followed = await stage.running.follower?.();
    if (followed === undefined) throw new Error('it cannot follow on a second device');
    mkdirSync(join(stage.bench.source, 'latency'));
    const end = stage.bench.meter.begin();
    const latencies: number[] = [];
    for (let i = 0; i < stage.latencySamples; i += 1) {
      await pause(1_500 + 137 * i);
      const name = join('latency', `${stage.run}-${i}.dat`);
      const bytes = randomBytes(`bench/W9/${name}`, 4 * KiB);
      const written = performance.now();
      writeFileSync(join(stage.bench.source, name), bytes);
      await until(name, () => readFileSync(join(followed, name)).equals(bytes));
      latencies.push((performance.now() - written) / 1000);
    }
    return { ...end(), latencies };
  },
};

const idle: Workload = {
  id: 'W10',
  title: 'stay in sync while nothing happens, a minute',
  fits: watchers,
  run: async (stage) => {
    const end = stage.bench.meter.begin();
    await pause(stage.idleSeconds * 1000);
    const cost = end();
    const perMinute = 60 / stage.idleSeconds;
    return {
      ...cost,
      wireBytes: cost.wireBytes * perMinute,
      cpu: { client: cost.cpu.client * perMinute, server: cost.cpu.server * perMinute },
      peak: cost.resident,
    };
  },
};

const killed: Workload = {
  id: 'W11',
  title: 'the client is killed half-way through one large file and started again',
  fits: (peer) => peer.hasWire,
  run: async (stage) => {
    const size = stage.data.bytes;
    const before = wireBytes();
    appear(stage);
    let over = false;
    const first = stage.running
      .sync()
      .catch(() => {})
      .finally(() => {
        over = true;
      });
    await until('half of the bytes', () => over || wireBytes() - before > size / 2, 120_000);
    if (over) throw new Error('it was done before half of the bytes had been seen');
    await stage.running.killClient();
    await first;
    const firstLife = wireBytes() - before;
    const sample = await stage.measure(() => {});
    return { ...sample, sentAgain: Math.max(0, firstLife + sample.wireBytes - size) };
  },
};

export const chains: readonly Chain[] = [
  { data: 'one', workloads: [initial('W1', 'one file of 1 GiB appears'), overwrite, insert, append] },
  { data: 'many', workloads: [initial('W2', '10,000 small files appear (121 MiB)'), nothing, idle, rename, latency] },
  { data: 'creator', workloads: [initial('W3', 'a creator’s folder appears (220 files, 2.4 GiB)')] },
  { data: 'one', workloads: [killed] },
];

/** Writes a copy of a file with bytes inserted at a tenth of its length. */
function insertInto(path: string, aside: string, bytes: Buffer): void {
  copyFileSync(path, aside);
  const source = openSync(path, 'r');
  const target = openSync(aside, 'r+');
  const at = Math.floor(statSync(path).size / 10);
  const piece = Buffer.allocUnsafe(4 * MiB);
  writeSync(target, bytes, 0, bytes.length, at);
  for (let from = at, read = 1; read > 0; from += read) {
    read = readSync(source, piece, 0, piece.length, from);
    writeSync(target, piece, 0, read, from + bytes.length);
  }
  closeSync(source);
  closeSync(target);
}
