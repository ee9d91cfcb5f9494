import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './harness.ts';

/** The harmless string that every scanner takes for a virus, put together so that no scanner takes this file for one. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** Where Debian's clamav-daemon has it, or DRIFTLESS_TEST_CLAMD says; undefined: it is not installed. */
export async function clamdProgram(): Promise<string | undefined> {
  const folders = ['/usr/sbin', ...(process.env.PATH ?? '').split(delimiter)];
  const named = process.env.DRIFTLESS_TEST_CLAMD;
  for (const path of named ? [named] : folders.map((folder) => join(folder, 'clamd'))) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** clamd with one signature, that of EICAR, and the stream limit that Debian sets: its socket. */
export async function startClamd(program: string): Promise<{ socket: string; process: ChildProcess }> {
  const folder = await temporaryFolder();
  const signatures = join(folder, 'signatures');
  await mkdir(signatures);
  await writeFile(join(signatures, 'eicar.ndb'), `Eicar-Signature:0:*:${Buffer.from(EICAR).toString('hex')}\n`);
  const socket = join(folder, 'clamd.sock');
  const config = join(folder, 'clamd.conf');
  const settings = [
    `LocalSocket ${socket}`,
    `DatabaseDirectory ${signatures}`,
    'Foreground yes',
    'StreamMaxLength 25M',
  ];
  await writeFile(config, `${settings.join('\n')}\nTemporaryDirectory ${folder}\n`);
  const child = spawn(program, ['--config-file', config], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const probe = createConnection(socket, () => {
          probe.destroy();
          resolve();
        }).on('error', reject);
      }),
    { timeout: 30_000, interval: 50 },
  );
  return { socket, process: child };
}
