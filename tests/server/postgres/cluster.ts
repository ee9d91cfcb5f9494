import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL of the tests' own, below a folder that goes with it. */
export interface Cluster {
  /** Of one of its databases. */
  url(database: string): string;
  /** Stops it at once, as a power cut would; `start` brings it back. */
  crash(): void;
  start(): void;
  stop(): void;
}

const DEBIAN = '/usr/lib/postgresql';

/** Where its programs are; undefined: it is not installed. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root: there it is the user that Debian has made for it. */
const asOwner = (): readonly string[] =>
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];

function run(program: string, ...args: string[]): void {
  const [command = program, ...rest] = [...asOwner(), program, ...args];
  const { status, stderr } = spawnSync(command, rest, { encoding: 'utf8', cwd: tmpdir() });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
}

/** Starts one on a free port. Nothing of it is synced to the disk: it need not outlive the tests. */
export async function startCluster(): Promise<Cluster> {
  const bin = postgresPrograms();
  if (bin === undefined) throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql');
  const folder = mkdtempSync(join(tmpdir(), 'driftless-postgres-'));
  const data = join(folder, 'data');
  if (process.getuid?.() === 0) {
    const id = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  chmodSync(folder, 0o700);
  const port = await freePort();
  run(join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'driftless', '-E', 'UTF8', '--no-locale', '--no-sync');
  const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'listen_addresses=127.0.0.1'];
  const options = [`-p ${port} -k ${folder}`, ...settings.map((each) => `-c ${each}`)].join(' ');
  const control = (...args: string[]) => run(join(bin, 'pg_ctl'), '-D', data, '-w', '-s', ...args);
  const start = (): void => control('-l', join(folder, 'log'), '-o', options, 'start');
  start();
  return {
    url: (database) => `postgres://driftless@127.0.0.1:${port}/${database}`,
    start,
    crash: () => control('-m', 'immediate', 'stop'),
    stop() {
      if (existsSync(join(data, 'postmaster.pid'))) control('-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
