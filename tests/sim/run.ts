import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { breakEngine } from './broken.ts';
import type { History } from './history.ts';

/** The command line of the simulator; see docs/simulator.md. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string' },
    /** Ends after so many histories in which a promise was broken. */
    failures: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    /** Of several processes, this one: it plays every so-manieth seed. */
    share: { type: 'string', default: '0/1' },
    /** In every history the server is also set back to backups of it; without, in some. */
    restores: { type: 'boolean' },
    break: { type: 'string' },
    out: { type: 'string' },
    trace: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
  },
});

const print = (line: string): void => console.log(line);

interface Report {
  /** Time of the processor, in ms. */
  readonly cpuMs: number;
  readonly histories: number;
  readonly steps: number;
  readonly failures: number;
}

if (values.break !== undefined) breakEngine(values.break);
const [file] = positionals;
const processes = Number(values.processes);
if (file !== undefined) await playAgain(file);
else if (values.share !== '0/1' || processes === 1) await work();
else await share();

async function playAgain(path: string): Promise<void> {
  const { replay } = await import('./play.ts');
  const { failure } = await replay(JSON.parse(readFileSync(path, 'utf8')) as History, print);
  print(failure ? `“${failure.rule}”: ${failure.what}` : 'Every promise was kept.');
  process.exitCode = failure ? 1 : 0;
}

/** Searches in this process. */
async function work(): Promise<void> {
  const [{ search }, { tell }] = await Promise.all([import('./search.ts'), import('./tell.ts')]);
  const [which = 0, of = 1] = values.share.split('/').map(Number);
  const began = performance.now();
  let telling = 0;
  const telledFor = async (told: Promise<void>): Promise<void> => {
    const from = performance.now();
    await told;
    telling += performance.now() - from;
  };
  const elapsed = (): number => performance.now() - began - telling;
  const found = await search({
    firstSeed: Number(values.seed) + which,
    stride: of,
    devices: values.devices === undefined ? undefined : Number(values.devices),
    restores: values.restores,
    until: ({ failures }) => failures.length >= Number(values.failures) || elapsed() > Number(values.seconds) * 1000,
    onFailure: (outcome) =>
      telledFor(tell(outcome, { print, whole: values.trace, shrinks: !values['no-shrink'], out: values.out })),
  });
  const { user, system } = process.cpuUsage();
  const { histories, steps, failures } = found;
  const report: Report = { histories, steps, failures: failures.length, cpuMs: (user + system) / 1000 };
  if (process.send) process.send(report);
  else sumUp([report], elapsed());
  process.exitCode = report.failures > 0 ? 1 : 0;
}

/** Searches in several processes, each with its own seeds. */
async function share(): Promise<void> {
  const began = performance.now();
  const reports = await Promise.all(
    Array.from({ length: processes }, (_, i) => {
      const child = fork(new URL(import.meta.url), [...process.argv.slice(2), `--share=${i}/${processes}`]);
      return new Promise<Report>((resolve, reject) => {
        child.once('message', (report) => resolve(report as Report));
        child.once('exit', (code) => reject(new Error(`a process of the simulator ended with ${code}`)));
      });
    }),
  );
  sumUp(reports, performance.now() - began);
  process.exitCode = reports.some(({ failures }) => failures > 0) ? 1 : 0;
}

function sumUp(reports: readonly Report[], ms: number): void {
  const sum = (what: keyof Report): number => reports.reduce((total, report) => total + report[what], 0);
  const rate = (count: number): string => Math.round(count / (ms / 60_000)).toLocaleString('en');
  print(
    `${sum('histories').toLocaleString('en')} histories, ${sum('failures')} failed; ` +
      `${rate(sum('histories'))} histories/min, ${rate(sum('steps'))} steps/min; ` +
      `${Math.round((sum('histories') / sum('cpuMs')) * 60_000).toLocaleString('en')} histories a minute of processor time`,
  );
}
