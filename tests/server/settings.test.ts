import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConfigFault, readConfig } from '../../server/config.ts';
import { shownAddress } from '../../server/settings/database.ts';

const fault = (env: Record<string, string>): string => {
  try {
    readConfig({}, env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.message;
    throw error;
  }
  return 'accepted';
};

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
const CLERK = {
  CLERK_JWT_KEY: pem,
  CLERK_PUBLISHABLE_KEY: `pk_live_${Buffer.from('clerk.example.test$').toString('base64')}`,
  CLERK_AUTHORIZED_PARTIES: 'https://app.example.test, app://ui',
};

const BUCKET = {
  S3_BUCKET: 'files',
  S3_ENDPOINT: 'https://s3.example.test/',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'secret',
};

test('a bucket is read whole, under each of the names that it goes by', () => {
  expect(readConfig({}, BUCKET).s3).toEqual({
    bucket: 'files',
    endpoint: 'https://s3.example.test',
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    prefix: '',
    pathStyle: true,
    downloads: 'proxy',
    whenAway: 'refuse',
  });
  const ofAmazon = {
    AWS_S3_BUCKET_NAME: 'files',
    AWS_S3_PREFIX: '/customer-documents',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  expect(
    readConfig({}, { ...ofAmazon, STORAGE_TYPE: 's3', S3_DOWNLOADS: 'redirect', S3_WHEN_AWAY: 'disk' }).s3,
  ).toEqual({
    bucket: 'files',
    endpoint: null,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    prefix: 'customer-documents/',
    pathStyle: false,
    downloads: 'redirect',
    whenAway: 'disk',
  });
  expect(readConfig({}, { S3_BUCKET_NAME: 'files', AWS_REGION: 'eu-central-1' }).s3?.credentials).toBeNull();
  expect(readConfig({}, { ...BUCKET, STORAGE_TYPE: 'local' }).s3).toBeNull();
});

test('sign-in with Clerk is read whole, and the issuer from the publishable key', () => {
  expect(readConfig({}, CLERK).clerk).toEqual({
    keys: { jwtKey: pem },
    publishableKey: CLERK.CLERK_PUBLISHABLE_KEY,
    issuer: 'https://clerk.example.test',
    authorizedParties: ['https://app.example.test', 'app://ui'],
  });
  expect(readConfig({}, { ...CLERK, CLERK_JWT_KEY: pem.replaceAll('\n', '\\n') }).clerk?.keys).toEqual({ jwtKey: pem });
  const fetched = readConfig({}, { ...CLERK, CLERK_JWT_KEY: '', CLERK_SECRET_KEY: 'sk_test_1' });
  expect(fetched.clerk?.keys).toEqual({ secretKey: 'sk_test_1' });
  expect(readConfig({}, {}).clerk).toBeNull();
});

test('the secret key of Clerk alone is enough', () => {
  const alone = { publishableKey: null, issuer: null, authorizedParties: 'any' };
  const keys = { secretKey: 'sk_test_1' };
  expect(readConfig({}, { CLERK_SECRET_KEY: 'sk_test_1' }).clerk).toEqual({ keys, ...alone });
});

test.each([
  ['CLERK_JWT_KEY', { ...CLERK, CLERK_JWT_KEY: '' }],
  ['CLERK_PUBLISHABLE_KEY', { ...CLERK, CLERK_PUBLISHABLE_KEY: '' }],
  ['CLERK_AUTHORIZED_PARTIES', { ...CLERK, CLERK_AUTHORIZED_PARTIES: '' }],
  ['CLERK_PUBLISHABLE_KEY', { CLERK_SECRET_KEY: 'sk_test_1', CLERK_AUTHORIZED_PARTIES: 'app://ui' }],
  ['CLERK_API_URL', { CLERK_API_URL: 'https://api.example.test' }],
  ['CLERK_JWT_KEY', { ...CLERK, CLERK_JWT_KEY: 'nonsense' }],
  ['CLERK_JWT_KEY', { ...CLERK, CLERK_JWT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }],
  ['CLERK_PUBLISHABLE_KEY', { ...CLERK, CLERK_PUBLISHABLE_KEY: 'pk_live_nonsense' }],
  ['DEFAULT_STORAGE_LIMIT', { DEFAULT_STORAGE_LIMIT: '5GB', MAX_STORAGE_PER_USER: '10GB' }],
  ['MAX_STORAGE_PER_USER', { MAX_STORAGE_PER_USER: 'much' }],
  ['LOCAL_STORAGE_PATH', { USER_STORAGE_ROOT: '/a', LOCAL_STORAGE_PATH: '/b' }],
  ['DRIFTLESS_DATA', { DRIFTLESS_DATA: '/a', LOCAL_STORAGE_PATH: '/b' }],
  ['AWS_S3_BUCKET_NAME', { STORAGE_TYPE: 's3', S3_BUCKET_NAME: 'a', AWS_S3_BUCKET_NAME: 'b' }],
  ['S3_BUCKET_NAME is set, but neither S3_REGION nor S3_ENDPOINT', { S3_BUCKET_NAME: 'abc' }],
  ['AWS_S3_BUCKET_NAME is set, but neither S3_REGION nor S3_ENDPOINT', { AWS_S3_BUCKET_NAME: 'abc' }],
  ['STORAGE_TYPE is s3, but S3_BUCKET is not set', { STORAGE_TYPE: 's3' }],
  ['S3_ENDPOINT is set, but S3_BUCKET is not set', { S3_ENDPOINT: 'https://s3.example.test' }],
  ['S3_BUCKET is "a/b"', { ...BUCKET, S3_BUCKET: 'a/b' }],
  ['S3_ACCESS_KEY_ID', { ...BUCKET, S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY: '' }],
  ['S3_ACCESS_KEY_ID', { ...BUCKET, S3_ACCESS_KEY_ID: '' }],
  ['S3_SECRET_ACCESS_KEY', { ...BUCKET, S3_SECRET_ACCESS_KEY: '' }],
  ['AWS_SECRET_ACCESS_KEY', { S3_BUCKET: 'abc', S3_REGION: 'eu', AWS_ACCESS_KEY_ID: 'a' }],
  ['S3_REGION', { ...BUCKET, S3_REGION: 'a', AWS_REGION: 'b' }],
  ['S3_ENDPOINT is "s3.example.test"', { ...BUCKET, S3_ENDPOINT: 's3.example.test' }],
  ['S3_PREFIX', { ...BUCKET, S3_PREFIX: '../others' }],
  ['S3_PATH_STYLE', { ...BUCKET, S3_PATH_STYLE: 'maybe' }],
  ['S3_DOWNLOADS', { ...BUCKET, S3_DOWNLOADS: 'always' }],
  ['S3_WHEN_AWAY', { ...BUCKET, S3_WHEN_AWAY: 'panic' }],
  ['STORAGE_TYPE is gcs', { STORAGE_TYPE: 'GCS' }],
  ['STORAGE_TYPE is azure', { STORAGE_TYPE: 'azure' }],
  ['STORAGE_TYPE is "tape"', { STORAGE_TYPE: 'tape' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://somebody:secret@localhost/files' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://localhost' }],
  ['DATABASE_CONNECTIONS', { DATABASE_URL: 'postgres://localhost/files', DATABASE_CONNECTIONS: '2' }],
  ['DATABASE_WAIT', { DATABASE_URL: 'postgres://localhost/files', DATABASE_WAIT: 'long' }],
])('%s refuses the start with one sentence and a next step', (name, env) => {
  expect(fault(env)).toContain(name);
  expect(fault(env)).toMatch(/^[^\n]+\. [A-Z][^\n]+\.$/);
});

test('an address of a database is never in what is said about it', () => {
  expect(fault({ DATABASE_URL: 'mysql://somebody:secret@localhost/files' })).not.toMatch(/secret|somebody/);
  expect(shownAddress('postgres://kim:secret@db.example:5433/files')).toBe('kim@db.example:5433/files');
});

test('a limit for everybody is accepted under both of its names, which may agree', () => {
  expect(readConfig({}, { MAX_STORAGE_PER_USER: '10737418240' }).defaultQuotaBytes).toBe(10 * 2 ** 30);
  expect(readConfig({}, { DEFAULT_STORAGE_LIMIT: '5GB', MAX_STORAGE_PER_USER: '5368709120' }).defaultQuotaBytes).toBe(
    5 * 2 ** 30,
  );
  expect(readConfig({}, { DEFAULT_STORAGE_LIMIT: 'unlimited' }).defaultQuotaBytes).toBeNull();
  expect(readConfig({}, { DEFAULT_STORAGE_LIMIT: '9223372036854775807' }).defaultQuotaBytes).toBeNull();
  expect(readConfig({}, {}).defaultQuotaBytes).toBeUndefined();
});

test('the data folder is accepted under all of its names, and one on the command line wins', () => {
  for (const name of ['DRIFTLESS_DATA', 'USER_STORAGE_ROOT', 'LOCAL_STORAGE_PATH']) {
    expect(readConfig({}, { [name]: '/srv/storage' }).data).toBe('/srv/storage');
  }
  expect(readConfig({}, { USER_STORAGE_ROOT: '/srv/storage/', LOCAL_STORAGE_PATH: '/srv/storage' }).data).toBe(
    '/srv/storage',
  );
  expect(readConfig({ data: '/flag' }, { USER_STORAGE_ROOT: '/a', LOCAL_STORAGE_PATH: '/b' }).data).toBe('/flag');
});

test('an account of AWS in the environment, or a bucket beside STORAGE_TYPE=local, does not keep the server from its disk', () => {
  expect(fault({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toBe('accepted');
  expect(fault({ STORAGE_TYPE: 'local', S3_BUCKET_NAME: 'a', AWS_S3_PREFIX: 'c' })).toBe('accepted');
});
