import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { environmentOf } from './database.ts';
import { fakeClamd, VIRUS } from './fakeClamd.ts';
import { contentOf, freshUser, randomBytes, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

/** A user with three files, one of which the scanner takes for infected only now. */
async function scene() {
  const made = await freshUser();
  const infected = await made.client.put('song.mp3', contentOf(Buffer.from(`song with ${VIRUS}`)));
  await made.client.put('clean.txt', text('clean'));
  await made.client.upload('large.bin', contentOf(randomBytes(600_000, 'large')));
  const scanner = await fakeClamd();
  const base = await environmentOf(made.server.data);
  const rescan = (args: readonly string[], socket = scanner.socket) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
      const env = { ...base, CLAMAV: socket };
      const all = [SERVER_PROGRAM, 'rescan', ...args, '--data', made.server.data];
      execFile(process.execPath, all, { env }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  return { ...made, infected, scanner, rescan };
}

test('everything that is stored is looked at again, whole, and what is found only reported', async () => {
  const { client, infected, scanner, rescan } = await scene();
  const { code, stdout } = await rescan(['--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    objects: 3,
    found: [{ verdict: { type: 'infected', signature: 'Test-Virus' }, files: [{ id: infected.id, name: 'song.mp3' }] }],
    trashed: 0,
  });
  expect(scanner.scanned.map(({ length }) => length).sort()).toEqual([29, 5, 600_000].sort());
  expect((await client.node(infected.id)).state).toBe('live');
  expect((await rescan(['--trash'])).stdout).toContain('Add --yes to put them into the trash.');
  expect((await client.node(infected.id)).state).toBe('live');
});

test('infected files go into the trash where that is asked for, and the others stay', async () => {
  const { client, infected, rescan } = await scene();
  expect((await rescan(['--trash', '--yes'])).stdout).toContain('Put into the trash: 1.');
  expect((await client.node(infected.id)).state).toBe('trashed');
  expect((await client.usage()).fileCount).toBe(2);
});

test('without a scanner, or with one that cannot be reached, it says so and looks at nothing', async () => {
  const { rescan } = await scene();
  expect(await rescan([], '')).toMatchObject({ code: 1, stderr: expect.stringContaining('Name the socket') });
  expect(await rescan([], '/nowhere.sock')).toMatchObject({ code: 1, stderr: expect.stringContaining('Start clamd') });
});
