import { errorCode } from '../../content/durable.ts';

/** The database cannot be reached, or has ended the connection. What was under way may or may not have been done. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super('the database cannot be reached', { cause });
    this.name = 'DatabaseAway';
  }
}

/** Another transaction was in the way: nothing of this one was done, and it may be tried again. */
export const isInTheWay = (error: unknown): boolean => IN_THE_WAY.has(errorCode(error) ?? '');
const IN_THE_WAY: ReadonlySet<string> = new Set(['40001', '40P01']);

const NETWORK: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  // A socket in a folder that is not there (yet).
  'ENOENT',
]);
/** Shutting down, starting up, too many connections, out of memory for another. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300', '53400']);
/** What the driver says without a code. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether an error of the driver says that the database is away, and not what it thinks of a statement. */
export function saysAway(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return NETWORK.has(code) || UNAVAILABLE.has(code) || code.startsWith('08');
  if (error instanceof AggregateError) return error.errors.some(saysAway);
  return error instanceof Error && LOST.test(error.message);
}

/** The same outcome, but a database that is away as DatabaseAway. */
export async function orAway<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw saysAway(error) ? new DatabaseAway(error) : error;
  }
}
