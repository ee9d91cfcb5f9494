import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { GiB } from '../../../shared/bytes.ts';

/** What is known of an S3 server that the tests have started. */
export interface Rgw {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const PROGRAMS = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'ceph-authtool', 'monmaptool', 'radosgw-admin'];

/** Why no S3 server can be started here; undefined when one can. */
export const noRgw: string | undefined = whyNot();

function whyNot(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = PROGRAMS.find((program) => !folders.some((folder) => isProgram(join(folder, program))));
  return missing && `${missing} is not installed (Debian: apt-get install radosgw ceph-mon ceph-osd ceph-common)`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts Ceph's S3 server on a free port, with all it keeps in memory: about 15 s. It ends with `owner`, whoever has
 * asked for it.
 */
export async function startRgw(folder: string, owner: number): Promise<Rgw> {
  await Promise.all(['mon', 'osd', 'rgw', 'out'].map((name) => mkdir(join(folder, name), { recursive: true })));
  const [mon, port] = [await freePort(), await freePort()];
  const at = (name: string): string => join(folder, name);
  const [cluster, disk] = [randomUUID(), randomUUID()];
  await writeFile(at('ceph.conf'), configOf(folder, cluster, mon, port));
  const run = async (program: string, ...args: string[]): Promise<string> =>
    (await promisify(execFile)(program, args, { cwd: folder, timeout: 60_000 })).stdout;
  const conf = ['-c', at('ceph.conf')];

  const key = (name: string, ...caps: string[]) => run('ceph-authtool', 'keyring', '--gen-key', '-n', name, ...caps);
  await run('ceph-authtool', '--create-keyring', 'keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  await key('client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *');
  await key('osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *');
  await key('client.rgw', '--cap', 'mon', 'allow rw', '--cap', 'osd', 'allow rwx');
  await run('monmaptool', '--create', '--fsid', cluster, '--addv', 'a', `[v2:127.0.0.1:${mon}]`, 'monmap');
  await run('ceph-mon', ...conf, '-i', 'a', '--mkfs', '--monmap', 'monmap', '--keyring', 'keyring');
  await run('ceph-mon', ...conf, '-i', 'a', '--pid-file', at('mon.pid'));
  await run('ceph', ...conf, 'osd', 'new', disk, '0');
  await run('ceph-osd', ...conf, '-i', '0', '--mkfs', '--osd-uuid', disk);
  await run('ceph', ...conf, 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=h0');
  await run('ceph-osd', ...conf, '-i', '0', '--pid-file', at('osd.pid'));
  guard(folder, owner);
  await until(async () => (await run('ceph', ...conf, '-s')).includes('1 up'));
  await run('radosgw', ...conf, '-n', 'client.rgw', '--pid-file', at('rgw.pid'));
  const endpoint = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(endpoint).catch(() => undefined)) !== undefined);
  const account = { accessKeyId: 'test', secretAccessKey: 'testing' };
  await run(
    'radosgw-admin',
    ...[...conf, '-n', 'client.rgw', 'user', 'create', '--uid=test', '--display-name=test'],
    ...[`--access-key=${account.accessKeyId}`, `--secret-key=${account.secretAccessKey}`],
  );
  return { endpoint, ...account };
}

/** Ends what startRgw has started. */
export async function stopRgw(folder: string): Promise<void> {
  for (const name of ['rgw', 'osd', 'mon']) {
    const pid = Number(await readFile(join(folder, `${name}.pid`), 'utf8').catch(() => ''));
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Whatever kills the tests: their server does not outlive them. */
function guard(folder: string, owner: number): void {
  const script = `while kill -0 ${owner} 2>/dev/null; do sleep 2; done; kill -9 $(cat "${folder}"/*.pid) 2>/dev/null`;
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error('The S3 server does not come up.');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const configOf = (folder: string, cluster: string, mon: number, port: number): string => `[global]
fsid=${cluster}
mon_host=v2:127.0.0.1:${mon}
public_addr=127.0.0.1
cluster_addr=127.0.0.1
osd_pool_default_size=1
osd_pool_default_min_size=1
osd_pool_default_pg_num=4
osd_crush_chooseleaf_type=0
mon_allow_pool_size_one=true
mon_max_pg_per_osd=1000
osd_pool_default_pg_autoscale_mode=off
run_dir=${folder}/out
log_file=${folder}/out/$name.log
admin_socket=${folder}/out/$name.asok
keyring=${folder}/keyring
[mon.a]
mon_data=${folder}/mon
mon_data_avail_crit=1
[osd.0]
osd_data=${folder}/osd
osd_objectstore=memstore
memstore_device_bytes=${3 * GiB}
[client.rgw]
rgw_frontends=beast endpoint=127.0.0.1:${port}
rgw_data=${folder}/rgw
`;
