import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { findDesktopRuntime } from '../main/headless/desktopRuntime.ts';

/**
 * Runs the tests of the whole app on Electron itself instead of on its double. Where it cannot run, that is a failure:
 * whoever asks for it must not take silence for success.
 */
const checkout = resolve(import.meta.dirname, '..');
const runtime = findDesktopRuntime(checkout);

if (runtime.found) {
  const { status } = spawnSync('vitest', ['run', '--project', 'e2e', 'tests/e2e/app'], {
    cwd: checkout,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, DRIFTLESS_TEST_ON: 'electron' },
  });
  process.exitCode = status ?? 1;
} else {
  const next = runtime.why.includes('not installed')
    ? 'fetch it with “node node_modules/electron/install.js”'
    : 'start it as an ordinary user under “xvfb-run --auto-servernum”';
  console.error(`The app cannot run on Electron here, because ${runtime.why}: ${next}, then run this again.`);
  process.exitCode = 1;
}
