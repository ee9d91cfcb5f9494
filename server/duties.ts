import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Logger } from 'pino';
import { listBackups } from './backup/layout.ts';
import type { Clock } from './clock.ts';
import { type Copies, NO_OTHER_COPIES } from './db/copies.ts';

/** What a server has done beside it, so that nothing it serves waits for that. */
export interface Duties {
  /** The command line's own program: duties are its commands. */
  readonly program: string;
  readonly data: string;
  /** Where daily backups go; null: none are made. */
  readonly backups: string | null;
  readonly keepBackups: number;
  readonly log: Logger;
  /** Does what is everybody's unless another copy of the server does. */
  readonly alone?: Copies['alone'];
}

const HOUR_MS = 3_600_000;
const CHECK_MS = 6 * HOUR_MS;
const BACKUP_MS = 24 * HOUR_MS;
/** What another copy has begun within this share of its time need not be done here. */
const REST = 0.9;

/**
 * Every six hours the rows are held against themselves and the stored files, which only reports; every day a backup is
 * made, the first within the hour. Returns how to stop, which also ends what is at work.
 */
export function beginDuties(duties: Duties, clock: Clock): () => Promise<void> {
  const { log, backups, alone = NO_OTHER_COPIES.alone } = duties;
  let child: ChildProcess | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  const command = async (...args: string[]): Promise<{ code: number | null; stdout: string }> => {
    const started = spawn(process.execPath, [duties.program, ...args, '--data', duties.data, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    if (started.pid !== undefined) setPriority(started.pid, constants.priority.PRIORITY_LOW);
    const ended = new Promise<number | null>((settle, failed) => {
      started.once('error', failed);
      started.once('close', settle);
    });
    const [code, stdout] = await Promise.all([ended, text(started.stdout)]);
    return { code, stdout };
  };
  /** One after the other; what fails is said, and tried again when its time comes. */
  const inTurn = (duty: () => Promise<void>): Promise<void> => {
    last = last
      .then(() => (stopped ? undefined : duty()))
      .catch((error: unknown) => {
        if (!stopped) log.error({ err: error }, 'a regular duty could not be done');
      });
    return last;
  };

  const check = async (): Promise<void> => {
    const { code, stdout } = await command('check');
    if (code === 2) log.error({ report: JSON.parse(stdout) }, 'the regular check has found something');
    else if (code !== 0 && !stopped) log.error({ code }, 'the regular check could not be done');
  };
  const backUp = async (): Promise<void> => {
    if (backups === null) return;
    const newest = (await listBackups(backups)).findLast(({ manifest }) => manifest !== null)?.manifest;
    if (newest && clock.now() - newest.at < BACKUP_MS) return;
    const { code } = await command(
      'backup',
      'create',
      '--backups',
      backups,
      '--keep-backups',
      String(duties.keepBackups),
    );
    if (code === 0) log.info('the daily backup is made');
    else if (!stopped) log.error({ code }, 'the daily backup could not be made');
  };

  const oneOfAll = (name: string, everyMs: number, duty: () => Promise<void>) => () =>
    inTurn(async () => void (await alone(name, REST * everyMs, clock.now(), duty)));
  const cancel = [
    clock.every(CHECK_MS, oneOfAll('check', CHECK_MS, check)),
    clock.every(HOUR_MS, oneOfAll('backup', HOUR_MS, backUp)),
  ];
  return async () => {
    stopped = true;
    for (const each of cancel) each();
    child?.kill('SIGKILL');
    await last;
  };
}
