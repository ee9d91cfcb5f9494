import { type Env, oneOf, type Setting, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** A bucket, and how it is spoken to. */
export interface S3Config {
  readonly bucket: string;
  /** null: that of Amazon for the region. */
  readonly endpoint: string | null;
  readonly region: string;
  /** null: what the machine it runs on has been given, as a role of an instance. */
  readonly credentials: S3Credentials | null;
  /** Before every key: empty, or ending with a slash. */
  readonly prefix: string;
  /** The bucket's name stands in the path and not in the host's name. */
  readonly pathStyle: boolean;
  /** `redirect`: whoever downloads fetches the bytes from the bucket, by an address that is good for minutes. */
  readonly downloads: 'proxy' | 'redirect';
  /** `disk`: what the bucket does not take lies on this disk meanwhile, which only a server without copies may do. */
  readonly whenAway: 'refuse' | 'disk';
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The first name of each is this server's own. */
const BUCKET = ['S3_BUCKET', 'S3_BUCKET_NAME', 'AWS_S3_BUCKET_NAME'] as const;
const PREFIX = ['S3_PREFIX', 'AWS_S3_PREFIX'] as const;
const REGION = ['S3_REGION', 'AWS_REGION'] as const;
const KEY_ID = ['S3_ACCESS_KEY_ID', 'AWS_ACCESS_KEY_ID'] as const;
const SECRET = ['S3_SECRET_ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY'] as const;
/** An account of AWS in the environment may be there for others; these mean this server. */
const OWN = [
  ...['S3_ENDPOINT', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_PREFIX', 'S3_PATH_STYLE'],
  ...['S3_DOWNLOADS', 'S3_WHEN_AWAY'],
] as const;

export const namedBucket = (env: Env): Setting | undefined => oneOf(env, BUCKET);

/** The bucket that the environment names, or null. Half a configuration is refused by the name of what is missing. */
export function readS3(env: Env): S3Config | null {
  const type = textOf(env, 'STORAGE_TYPE')?.toLowerCase();
  if (type === 'local') return null;
  const bucket = namedBucket(env);
  if (!bucket) {
    const half = type === 's3' ? 'STORAGE_TYPE is s3' : setting(OWN.find((name) => textOf(env, name) !== undefined));
    if (half === undefined) return null;
    throw new ConfigFault(`${half}, but S3_BUCKET is not set. Name the bucket in it, or set STORAGE_TYPE=local.`);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket.value)) {
    throw new ConfigFault(`${bucket.name} is "${bucket.value}", which is no bucket's name. Give it the bare name.`);
  }
  const endpoint = readEndpoint(textOf(env, 'S3_ENDPOINT'));
  return {
    bucket: bucket.value,
    endpoint,
    region: readRegion(env, bucket, endpoint),
    credentials: readCredentials(env, endpoint),
    prefix: readPrefix(oneOf(env, PREFIX)),
    pathStyle: choice(env, 'S3_PATH_STYLE', ['on', 'off'], endpoint === null ? 'off' : 'on') === 'on',
    downloads: choice(env, 'S3_DOWNLOADS', ['proxy', 'redirect'], 'proxy'),
    whenAway: choice(env, 'S3_WHEN_AWAY', ['refuse', 'disk'], 'refuse'),
  };
}

const setting = (name: string | undefined): string | undefined => name && `${name} is set`;

function readEndpoint(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/$/, '');
  throw new ConfigFault(`S3_ENDPOINT is "${text}". Give it an address like https://s3.example.com, or leave it out.`);
}

function readRegion(env: Env, bucket: Setting, endpoint: string | null): string {
  const region = oneOf(env, REGION)?.value;
  if (region !== undefined) return region;
  // Stores other than Amazon's have one region, whatever it is called.
  if (endpoint !== null) return 'us-east-1';
  throw new ConfigFault(`${bucket.name} is set, but neither S3_REGION nor S3_ENDPOINT is. Set the bucket's region.`);
}

function readCredentials(env: Env, endpoint: string | null): S3Credentials | null {
  const id = oneOf(env, KEY_ID);
  const secret = oneOf(env, SECRET);
  if (id && !secret) {
    throw new ConfigFault(`${id.name} is set, but ${id.name === KEY_ID[0] ? SECRET[0] : SECRET[1]} is not. Set both.`);
  }
  if (secret && !id) {
    throw new ConfigFault(
      `${secret.name} is set, but ${secret.name === SECRET[0] ? KEY_ID[0] : KEY_ID[1]} is not. Set both.`,
    );
  }
  if (id && secret) {
    const sessionToken = textOf(env, 'AWS_SESSION_TOKEN');
    return { accessKeyId: id.value, secretAccessKey: secret.value, ...(sessionToken && { sessionToken }) };
  }
  if (endpoint === null) return null;
  throw new ConfigFault(
    'S3_ENDPOINT is set, but S3_ACCESS_KEY_ID is not. Set it and S3_SECRET_ACCESS_KEY to those of the bucket.',
  );
}

function readPrefix(given: Setting | undefined): string {
  const path = given?.value.replace(/^\/+|\/+$/g, '') ?? '';
  if (path === '') return '';
  if (/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) && !path.split('/').includes('..')) return `${path}/`;
  throw new ConfigFault(`${given?.name} is "${given?.value}". Use letters, digits, dots, dashes and slashes only.`);
}

function choice<T extends string>(env: Env, name: string, of: readonly T[], usual: T): T {
  const text = textOf(env, name);
  if (text === undefined) return usual;
  const chosen = of.find((each) => each === text.toLowerCase());
  if (chosen) return chosen;
  throw new ConfigFault(`${name} is "${text}". Set it to ${of.join(' or ')}.`);
}
