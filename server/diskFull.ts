import { errorCode } from './content/durable.ts';
import { Refusal, refuse } from './refusal.ts';

/** SQLite has a code of its own for the memory that it shares through a file; the last is PostgreSQL's. */
const CODES: ReadonlySet<string | undefined> = new Set([
  'ENOSPC',
  'EDQUOT',
  'SQLITE_FULL',
  'SQLITE_IOERR_SHMSIZE',
  '53100',
]);

/** The server's disk, or what its owner may use of it, is full. After this nothing of a transaction was committed. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Refusal ? error.problem.code === 'disk-full' : CODES.has(errorCode(error));

export const diskFull = (): Refusal =>
  refuse('disk-full', "The server's disk is full. Free space there; it is tried again by itself.");
