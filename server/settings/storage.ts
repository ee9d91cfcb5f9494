import { parseBytes } from '../../shared/bytes.ts';
import { type Env, oneOf, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** The data folder's names; the first is this server's own. */
export const DATA_NAMES = ['DRIFTLESS_DATA', 'USER_STORAGE_ROOT', 'LOCAL_STORAGE_PATH'] as const;

/** Where content lies, as far as it is not for this server, and which database: it says so. */
export function checkStores(env: Env): void {
  const type = textOf(env, 'STORAGE_TYPE')?.toLowerCase();
  switch (type) {
    case 'local':
    case 's3':
    case undefined:
      break;
    case 'gcs':
      throw new ConfigFault(
        'STORAGE_TYPE is gcs. Set it to s3, S3_ENDPOINT to https://storage.googleapis.com and the keys to HMAC keys.',
      );
    case 'azure':
      throw new ConfigFault(
        'STORAGE_TYPE is azure, which Driftless does not store to. Set STORAGE_TYPE=local to store on this disk.',
      );
    default:
      throw new ConfigFault(`STORAGE_TYPE is "${type}". Set it to local or s3, or leave it out.`);
  }
}

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
