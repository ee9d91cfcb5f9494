import { spawn } from 'node:child_process';
import { GiB, MiB } from '../../../shared/bytes.ts';
import { mediaTools, type Program, programPath } from '../tools.ts';

const tools = mediaTools();
const prlimit = programPath('prlimit');

/** Seconds of processor time and of real time that a program may take for one file. */
const CPU_SECONDS = 40;
const REAL_MS = 60_000;
const OUTPUT_MAX = 64 * MiB;

/** Its memory; no core dumps; and not a byte into any file: what it makes comes by its standard output. */
const LIMITS = [`--as=${2 * GiB}`, `--cpu=${CPU_SECONDS}`, '--core=0', '--fsize=0'];

export type Ran = { readonly ok: boolean; readonly output: Buffer; readonly errors: string; readonly late: boolean };

/**
 * Runs a program of the system on a file that nobody has checked: without a shell, without our environment, and within
 * limits. Its output goes to `take` as it comes, or is collected. Throws only when the program is not there.
 */
export function run(program: Program, args: readonly string[], take?: (bytes: Buffer) => void): Promise<Ran> {
  const path = tools[program];
  if (path === undefined) return Promise.reject(new Error(`${program} is not installed.`));
  const [command = path, ...given] = prlimit ? [prlimit, ...LIMITS, path, ...args] : [path, ...args];
  return new Promise((resolve) => {
    const child = spawn(command, given, { stdio: ['ignore', 'pipe', 'pipe'], env: { LC_ALL: 'C' }, cwd: '/' });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let errors = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, REAL_MS);
    child.stdout.on('data', (piece: Buffer) => {
      if (take) return take(piece);
      bytes += piece.length;
      if (bytes > OUTPUT_MAX) child.kill('SIGKILL');
      else pieces.push(piece);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2_000);
    });
    const end = (ok: boolean): void => {
      clearTimeout(timer);
      resolve({ ok, output: Buffer.concat(pieces), errors, late });
    };
    child.once('error', () => end(false));
    child.once('close', (code, signal) => {
      late ||= signal === 'SIGXCPU';
      end(code === 0);
    });
  });
}

/** Which of them this process found when it started. */
export const installed = tools;
