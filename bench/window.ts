import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MiB } from '../shared/bytes.ts';
import { residentBytes } from '../tests/e2e/harness/processes.ts';
import { buildPage } from '../tests/window/harness/build.ts';
import { browserPath, startBrowser, WHY_NONE } from '../tests/window/harness/chromium.ts';
import { servePage } from '../tests/window/harness/serve.ts';
import { median } from './table.ts';
import { type Scrolling, scrolled, searched, untilUsable } from './window/looks.ts';
import { onProcessorMs, rendererOf, serverBelow } from './window/processes.ts';
import { type Started, startIn } from './window/start.ts';
import { fillStudio } from './window/studio.ts';

const USAGE = `npm run bench:window -- [options]
  --items 50000      files in the folder
  --idle 60          seconds of rest that are measured
  --dir <folder>     keeps what it made there, and begins with what lies there from the last time
  --prepare          only makes the folder and syncs it for the first time`;

const { values: flags } = parseArgs({
  options: {
    items: { type: 'string', default: '50000' },
    idle: { type: 'string', default: '60' },
    dir: { type: 'string' },
    prepare: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
const path = browserPath();
if (path === null) throw new Error(WHY_NONE);

const WIDE = { width: 1_320, height: 840 };
const SEARCHES = ['049', '12', 'jpg 00', 'wav', 'als', 'q', '4999', '00017'];
const items = Number(flags.items);
const home = flags.dir ?? mkdtempSync(join(tmpdir(), 'driftless-window-'));
const browser = await startBrowser(path);
try {
  console.log('| | |\n| --- | --- |');
  await firstSync();
  if (!flags.prepare) {
    await startAgain();
    await transfers();
  }
} finally {
  await browser.close();
  if (flags.dir === undefined) rmSync(home, { recursive: true });
}

function row(what: string, ...said: readonly string[]): void {
  console.log(`| ${what} | ${said.join('; ')} |`);
}

/** What a person does once; everything after it begins with engine and caches there. */
async function firstSync(): Promise<void> {
  const folder = join(home, 'Driftless');
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  await fillStudio(folder, items);
  const started = await startIn(home);
  await started.inSync();
  row(`first sync of ${items} files`, seconds(performance.now() - started.begunAt));
  await agree(started.address);
  await started.stop();
}

/** The first time, the window asks whether what the command line says is meant. */
async function agree(address: string): Promise<void> {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await page.locator('#item-0').waitFor();
  await page.close();
}

async function startAgain(): Promise<void> {
  const started = await startIn(home);
  row('`npm start` until the address is printed', ms(performance.now() - started.begunAt));
  const page = await browser.newPage({ viewport: WIDE });
  await untilUsable(page, started.address);
  row('`npm start` until the first tiles can be used', ms(performance.now() - started.begunAt));
  await started.inSync();
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) times.push(await untilUsable(page, new URL('/', started.address).href));
  row(
    'navigation until the first tiles can be used',
    `median ${ms(median(times))}`,
    `longest ${ms(Math.max(...times))}`,
  );
  row(`scrolling ${items} items`, ...told(await scrolled(page, '[data-library-list]')));
  const searches: number[] = [];
  for (const words of SEARCHES) {
    searches.push(await searched(page, words));
    await searched(page, '');
  }
  row(
    'a search, until what was found is drawn',
    `median ${ms(median(searches))}`,
    `longest ${ms(Math.max(...searches))}`,
  );
  const renderer = await rendererOf(browser);
  const heap = await page.evaluate(
    () => (performance as never as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  row('memory of the window', `${mib(residentBytes(renderer))} resident`, `${mib(heap)} of it JavaScript`);
  await atRest(started, renderer);
  await page.close();
  await started.stop();
}

async function atRest(started: Started, renderer: number): Promise<void> {
  await started.inSync();
  await pause(5);
  const server = serverBelow(started.pid);
  const used = (): readonly number[] => [started.pid, server, renderer].map(onProcessorMs);
  const before = used();
  await pause(Number(flags.idle));
  const shares = used().map((now, at) => `${((now - (before[at] ?? 0)) / Number(flags.idle) / 10).toFixed(3)} %`);
  row(`CPU at rest, ${flags.idle} s`, `engine ${shares[0]}`, `server ${shares[1]}`, `window ${shares[2]}`);
  row('memory of the engine', mib(residentBytes(started.pid) - residentBytes(server)));
}

/** Twenty thousand that change ten times a second: the window alone, with the other side in its own page. */
async function transfers(): Promise<void> {
  const dir = await buildPage();
  const served = await servePage(dir);
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(`${served.address}/?items=200&transfers=20000`);
  await page.getByRole('button', { name: /^Transfers/ }).click();
  await page.getByText('19,997').first().waitFor();
  await page.evaluate(() => {
    const { desk } = window as never as { desk: { change(slices: object): void } };
    let revision = 1;
    setInterval(() => {
      revision += 1;
      desk.change({ transfers: { revision, active: 3, waiting: 19_997, failed: 0, done: 40 } });
    }, 100);
  });
  row('scrolling 20,000 transfers that change', ...told(await scrolled(page, 'main ul')));
  await page.close();
  await served.close();
  rmSync(dir, { recursive: true });
}

function told({ frames, median: middle, missed, longTasks, longest }: Scrolling): readonly string[] {
  return [
    `${(1_000 / middle).toFixed(0)} frames a second`,
    `${missed} of ${frames} missed`,
    longTasks === 0 ? 'no long task' : `${longTasks} long tasks, the longest ${ms(longest)}`,
  ];
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MiB)} MiB`;
}

function pause(forSeconds: number): Promise<void> {
  return new Promise((next) => setTimeout(next, forSeconds * 1_000));
}
