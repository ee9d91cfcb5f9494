import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listBackups } from '../../server/backup/layout.ts';
import { beginDuties } from '../../server/duties.ts';
import { byHand, environmentOf } from './database.ts';
import { freshUser, temporaryFolder, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';
import { TestClock } from './testClock.ts';

const HOUR = 3_600_000;

async function scene() {
  const { server, client } = await freshUser();
  await client.put('a.txt', text('a'));
  const clock = new TestClock();
  const backups = await temporaryFolder();
  const lines: { msg: string }[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  vi.stubEnv('DATABASE_URL', (await environmentOf(server.data)).DATABASE_URL ?? '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const stop = beginDuties(
    { program: SERVER_PROGRAM, data: server.data, backups, keepBackups: 2, log: pino({ level: 'info' }, sink) },
    clock,
  );
  onTestFinished(stop);
  return { server, clock, backups, said: () => lines.map(({ msg }) => msg) };
}

test('a backup is made within the hour, then daily, and only the newest are kept', async () => {
  const { clock, backups, said } = await scene();
  await clock.pass(HOUR);
  await clock.pass(HOUR);
  expect(await listBackups(backups)).toMatchObject([{ manifest: { objects: 1 } }]);
  expect(said()).toEqual(['the daily backup is made']);
});

test('what the regular check finds is in the log', async () => {
  const { server, clock, said } = await scene();
  const db = byHand(server.data);
  db.exec('update users set used_bytes = 77');
  db.close();
  await clock.pass(6 * HOUR);
  expect(said()).toContain('the regular check has found something');
});
