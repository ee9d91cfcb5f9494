import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { estimate } from '../../server/estimate/estimate.ts';
import { PRICES } from '../../server/estimate/prices.ts';
import { GiB, MiB } from '../../shared/bytes.ts';
import { SERVER_PROGRAM } from './program.ts';

const run = (...args: string[]): Promise<{ code: number; said: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [SERVER_PROGRAM, 'estimate', ...args], (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });

test('a thousand people with five documents of 2 MB each cost about a quarter a month in a bucket, as once reckoned by hand', () => {
  const prices = { ...PRICES.s3, egressGb: 0 };
  const found = estimate({ users: 1_000, files: 5, size: 2 * MiB, reads: 2, kept: 0 }, prices);
  expect(found).toMatchObject({ puts: 5_000, gets: 10_000, uploads: 0.025, requests: 0.004 });
  expect(found.storage + found.uploads + found.requests).toBeCloseTo(0.26, 1);
});

test('ten GB of one person on a rented disk cost what the disk costs', () => {
  const found = estimate({ users: 1, files: 10, size: GiB, reads: 3, kept: 0 }, PRICES.volume);
  expect(found.monthly).toBeCloseTo(0.56);
});

test('what trash and versions keep is stored, but not read', () => {
  const habits = { users: 1, files: 1, size: GiB, reads: 1 };
  const without = estimate({ ...habits, kept: 0 }, PRICES.s3);
  const withThem = estimate({ ...habits, kept: 0.5 }, PRICES.s3);
  expect(withThem).toEqual({
    ...without,
    storedBytes: 1.5 * GiB,
    storage: 1.5 * without.storage,
    monthly: without.monthly + 0.5 * without.storage,
  });
});

test('a large file is written in parts', () => {
  const found = estimate({ users: 1, files: 1, size: 100 * MiB, reads: 0, kept: 0 }, PRICES.s3);
  expect(found.puts).toBe(9);
});

test('the command says it in lines, with the prices that it is given', async () => {
  const { code, said } = await run('--users', '10', '--files', '1', '--size', '1GB', '--kept', '0', '--stored-gb', '2');
  expect(code).toBe(0);
  expect(said.split('\n')[0]).toMatch(/^storage {2,}10 GB {2,}€20\.00$/);
});

test('what is not a number is told with the flag to give again', async () => {
  expect(await run('--reads', 'often')).toEqual({
    code: 1,
    said: '"often" is not a number from 0 up. Give another after --reads.\n',
  });
});
