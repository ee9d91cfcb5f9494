import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { byHand, environmentOf } from './database.ts';
import { freshUser, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

/** A server with one user, `kim`, and the command line beside it. */
async function scene() {
  const { server, client } = await freshUser();
  const env = await environmentOf(server.data);
  const command = (...args: string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [SERVER_PROGRAM, ...args, '--data', server.data], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: (stdout + stderr).trim() }),
      );
    });
  const sql = (statement: string): void => {
    const db = byHand(server.data);
    db.exec(statement);
    db.close();
  };
  return { server, client, command, sql };
}

test('a plan brings its limit, a limit of their own stays through a change of plan, and can be taken back', async () => {
  const { command } = await scene();
  const limit = async () => (await command('quota')).said.split(' of ')[1]?.split(' (')[0];
  expect(await command('users', 'plan', 'kim', 'silver')).toEqual({ code: 0, said: 'kim is on the plan silver.' });
  expect(await limit()).toBe('50 GB');
  await command('quota', 'set', 'kim', '7GB');
  await command('users', 'plan', 'kim', 'gold');
  expect(await limit()).toBe('7.0 GB');
  await command('quota', 'reset', 'kim');
  expect(await limit()).toBe('100 GB');
  expect(await command('users', 'plan', 'kim', 'tin')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^There is no plan "tin"\. Choose one of: /),
  });
});

test('a plan that is changed changes the limits of its users', async () => {
  const { client, command } = await scene();
  await command('plans', 'set', 'free', '3GB');
  expect((await client.usage()).limitBytes).toBe(3 * 2 ** 30);
  expect((await command('plans')).said.split('\n')[0]).toBe('free\t3.0 GB\tusers: 1');
});

test('the last administrator stays one, and the command says what to do first', async () => {
  const { command } = await scene();
  await command('users', 'role', 'kim', 'admin');
  expect(await command('users', 'role', 'kim', 'user')).toEqual({
    code: 1,
    said: 'This is the last administrator. Make somebody else one first.',
  });
});

test('counters are counted again on a yes, and only told without one', async () => {
  const { client, command, sql } = await scene();
  await client.put('a.txt', text('12345'));
  sql('update users set used_bytes = 99');
  expect((await command('refresh', 'kim')).said).toMatch(/used_bytes\t99 -> 5\nThese are wrong\. Add --yes/);
  expect((await client.usage()).usedBytes).toBe(99);
  await command('refresh', '--yes');
  expect((await client.usage()).usedBytes).toBe(5);
  expect((await command('refresh')).said).toBe('Everything is counted right.');
});

test('check --repair sets right what is counted, and leaves a file that is gone to a person', async () => {
  const { client, command, sql } = await scene();
  await client.put('a.txt', text('12345'));
  sql(`update users set used_bytes = 1, file_count = 9;
    update usage_breakdown set bytes = 77;
    insert into tags (user_id, tag, nodes) select id, 'ghost', 3 from users;
    update objects set refs = 4`);
  expect(await command('check', '--repair')).toMatchObject({
    code: 2,
    said: expect.stringContaining('Add --yes to set right: 5.'),
  });
  expect(await command('check', '--repair', '--yes')).toMatchObject({
    code: 0,
    said: expect.stringContaining('Everything is as recorded.'),
  });
  sql(`update objects set size = 6`);
  const { code, said } = await command('check', '--repair', '--yes');
  expect([code, said.includes('a stored file is not as long as recorded') || said.includes('size')]).toEqual([2, true]);
});

test('the report tells what is stored, and who is near the limit', async () => {
  const { client, command, sql } = await scene();
  await client.put('a.txt', text('12345'));
  sql('update users set quota_bytes = 6, quota_overridden = 1');
  const { said } = await command('report');
  expect(said).toContain('Files      1 (5 B)');
  expect(said).toContain('Near limit kim: 5 B of 6 B');
});
