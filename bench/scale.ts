import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MiB } from '../shared/bytes.ts';
import type { Device } from '../tests/e2e/harness/device.ts';
import { cpuSeconds, peakBytes, readBytes, residentBytes } from '../tests/e2e/harness/processes.ts';
import { until } from '../tests/e2e/harness/wait.ts';
import { Scene } from '../tests/e2e/harness.ts';

const USAGE = `npm run bench:scale -- [options]
  --files 200000      files in the folder, 500 a sub-folder
  --samples 5         single changes measured`;

const FILES_A_FOLDER = 500;
/** The first sync of a million files takes its time. */
const PATIENCE_MS = 30 * 60_000;

const { values: flags } = parseArgs({
  options: {
    files: { type: 'string', default: '200000' },
    samples: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
const files = Number(flags.files);
const samples = Number(flags.samples);

await using scene = await Scene.open();
const device = scene.device('one');
fill(device);

await step('first sync', async () => {
  await device.start();
  await device.inSync(PATIENCE_MS);
});
await device.terminate();
await step('start until idle', async () => {
  await device.start();
  await device.waitFor('idle', PATIENCE_MS);
});
await step('sync now, nothing changed', () => device.inSync(PATIENCE_MS));
for (let sample = 0; sample < samples; sample += 1) {
  const before = await scene.cursor();
  await step('one file changed', async () => {
    writeFileSync(device.path(join(folderOf(sample * 7), `${sample * 7}`)), `changed ${sample}`);
    await until('the change on the server', async () => (await scene.cursor(before)) !== before);
  });
}

function fill(target: Device): void {
  for (let n = 0; n < files; n += 1) {
    if (n % FILES_A_FOLDER === 0) mkdirSync(target.path(folderOf(n)), { recursive: true });
    writeFileSync(target.path(join(folderOf(n), `${n}`)), `file ${n}`);
  }
}

function folderOf(n: number): string {
  return `folder ${Math.floor(n / FILES_A_FOLDER)}`;
}

/** Does it, and prints what it cost the client. */
async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const cpuBefore = device.isRunning ? cpuSeconds(device.program.pid) : 0;
  const readBefore = device.isRunning ? readBytes(device.program.pid) : 0;
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { pid } = device.program;
  const mib = (bytes: number): string => (bytes / MiB).toFixed(0);
  console.log(
    [
      name.padEnd(28),
      `${seconds.toFixed(2)} s`.padStart(10),
      `client: CPU ${(cpuSeconds(pid) - cpuBefore).toFixed(2)} s, read ${mib(readBytes(pid) - readBefore)} MiB,`,
      `resident ${mib(residentBytes(pid))} MiB, peak ${mib(peakBytes(pid))} MiB`,
    ].join(' '),
  );
}
