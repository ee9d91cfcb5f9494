import { expect, test } from 'vitest';
import { ownServerEnvironment } from '../../main/headless/ownServer.ts';

test('a person’s own server does not take another one’s database or bucket for its own', () => {
  const shell = {
    PATH: '/bin',
    CLAMAV: '/run/clamd.sock',
    DATABASE_URL: 'postgres://somebody/else',
    STORAGE_TYPE: 's3',
    S3_BUCKET: 'theirs',
    S3_BUCKET_NAME: 'theirs',
    AWS_S3_BUCKET_NAME: 'theirs',
  };
  expect(ownServerEnvironment(shell)).toEqual({ PATH: '/bin', CLAMAV: '/run/clamd.sock' });
});
