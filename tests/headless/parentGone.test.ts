import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../engine/hash/temporaryFolder.ts';

const parentGone = resolve(import.meta.dirname, '../../main/headless/parentGone.ts');

test.each([
  ['the shell that ran it', {}, 'shell'],
  ['npm above the shell', { npm_lifecycle_event: 'start' }, 'npm'],
])('a program learns that %s is gone', async (_who, more, victim) => {
  const log = join(temporaryFolder(), 'log');
  const script = `${log}.ts`;
  writeFileSync(
    script,
    `import { parentGone } from '${parentGone}';
     const alive = setInterval(() => undefined, 1_000);
     void parentGone(20).then(() => { console.log('gone'); clearInterval(alive); });
     console.log('waiting');`,
  );
  // The inner shell stays the parent, the outer one stands for npm.
  const inner = `"${process.execPath}" "${script}" > "${log}" 2>&1; true`;
  const outer = spawn('sh', ['-c', `sh -c '${inner}' & echo $!; wait`], {
    env: { PATH: process.env.PATH ?? '', ...more },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const shell = await new Promise<number>((told) => outer.stdout.once('data', (text) => told(Number(text))));
  onTestFinished(() => {
    outer.kill('SIGKILL');
  });
  await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 }).toContain('waiting');
  if (victim === 'npm') outer.kill('SIGKILL');
  else process.kill(shell, 'SIGKILL');
  await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 }).toContain('gone');
});
