import { GiB, MiB } from '../../shared/bytes.ts';
import type { Prices } from './prices.ts';

/** What people do, on average. */
export interface Habits {
  readonly users: number;
  /** Files of a user. */
  readonly files: number;
  /** Bytes of a file. */
  readonly size: number;
  /** How often each file is read in a month, by other devices, links and people. */
  readonly reads: number;
  /** Which part of what is live lies in the trash and in versions besides; 0.2: a fifth. */
  readonly kept: number;
}

/** A month. Money is in the currency of the prices. */
export interface Estimate {
  readonly storedBytes: number;
  readonly egressBytes: number;
  /** Of the first upload of everything; it comes once. */
  readonly puts: number;
  readonly gets: number;
  readonly storage: number;
  readonly uploads: number;
  readonly requests: number;
  readonly egress: number;
  /** Storage, requests and traffic: what comes every month. */
  readonly monthly: number;
}

/** A large file goes to a bucket in parts; beginning and ending it are requests, too. */
const PART_BYTES = 16 * MiB;

/** What storing and serving costs a month; the servers themselves come on top. */
export function estimate({ users, files, size, reads, kept }: Habits, prices: Prices): Estimate {
  const count = users * files;
  const storedBytes = count * size * (1 + kept);
  const egressBytes = count * size * reads;
  const puts = count * (size <= PART_BYTES ? 1 : Math.ceil(size / PART_BYTES) + 2);
  const gets = count * reads;
  const storage = (storedBytes / GiB) * prices.storedGb;
  const uploads = (puts / 1_000) * prices.puts;
  const requests = (gets / 1_000) * prices.gets;
  const egress = (egressBytes / GiB) * prices.egressGb;
  return {
    storedBytes,
    egressBytes,
    puts,
    gets,
    storage,
    uploads,
    requests,
    egress,
    monthly: storage + requests + egress,
  };
}
