import { parseBytes } from '../../shared/bytes.ts';
import { type Env, oneOf, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** The data folder's names; the first is this server's own. */
export const DATA_NAMES = ['DRIFTLESS_DATA', 'USER_STORAGE_ROOT', 'LOCAL_STORAGE_PATH'] as const;

/** Where content lies, as the environment has it; this version knows the disk alone, and says so. */
export function checkStores(env: Env): void {
  const type = textOf(env, 'STORAGE_TYPE')?.toLowerCase();
  const bucket = oneOf(env, ['S3_BUCKET_NAME', 'AWS_S3_BUCKET_NAME']);
  switch (type) {
    case 'local':
      break;
    case undefined:
      if (bucket) throw notYet(`${bucket.name} names an S3 bucket`);
      break;
    case 's3':
    case 'gcs':
      throw notYet(`STORAGE_TYPE is ${type}`);
    case 'azure':
      throw new ConfigFault(
        'STORAGE_TYPE is azure, which Driftless does not store to. Set STORAGE_TYPE=local to store on this disk.',
      );
    default:
      throw new ConfigFault(`STORAGE_TYPE is "${type}". Set it to local, or leave it out.`);
  }
}

const notYet = (what: string): ConfigFault =>
  new ConfigFault(`${what}, but S3 is not in this version. Set STORAGE_TYPE=local to store on this disk.`);

/** What the default plan allows, in bytes; null: without limit; undefined: as the plan says. */
export function defaultQuota(env: Env): number | null | undefined {
  const given = oneOf(env, ['DEFAULT_STORAGE_LIMIT', 'MAX_STORAGE_PER_USER'], readLimit);
  if (!given) return undefined;
  const bytes = readLimit(given.value);
  if (bytes !== undefined) return bytes;
  throw new ConfigFault(`${given.name} is "${given.value}". Give it a size like 10GB, or unlimited.`);
}

/** No file system holds more than JavaScript can count to: such a limit, like the largest BIGINT, is none. */
function readLimit(text: string): number | null | undefined {
  if (text.toLowerCase() === 'unlimited') return null;
  const bytes = parseBytes(text);
  return bytes !== undefined && bytes > Number.MAX_SAFE_INTEGER ? null : bytes;
}
