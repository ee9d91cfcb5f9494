import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SYSTEM_PACKAGES, type SystemPackage } from './systemPackages.ts';

/**
 * Before the tests: installs what they need of the system, where that needs nobody's word (as root on a Debian, which is
 * what CI is). Elsewhere it says which tests are skipped. It never fails: the other tests can run.
 */
const isThere = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

const missing = (): readonly SystemPackage[] => SYSTEM_PACKAGES.filter(({ program }) => !isThere(program));

const mayInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version') && isThere('apt-get');

function install(names: readonly string[]): void {
  console.log(`Installing ${names.join(', ')} for the tests.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  withoutServices(() => {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...names],
    ]) {
      const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 10 * 60_000 });
      if (status !== 0) console.log(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`);
    }
  });
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Debian starts what it installs; the tests start it themselves, and nobody asked for a scanner that fetches signatures. */
function withoutServices(work: () => void): void {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(POLICY);
  }
}

const absent = missing();
if (absent.length > 0 && mayInstall()) install(absent.map(({ name }) => name));
for (const { name, tests } of absent.length > 0 ? missing() : []) {
  console.log(`Skipped: ${tests}, because ${name} is not installed. On Debian: apt-get install ${name}`);
}
