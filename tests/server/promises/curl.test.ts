import { execFile, execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { sharedServer } from './scene.ts';

/** Commands as people have them in their notes, to the letter. */
const COMMANDS = {
  quota: `curl -X PUT http://localhost:3007/api/storage/quota \\
  -H "Authorization: Bearer YOUR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"userId": "user_clerk_id", "maxBytes": 21474836480}'`,
  usage: `curl -H "Authorization: Bearer TOKEN" \\
  http://localhost:3007/api/storage/usage`,
  health: 'curl http://localhost:3007/health',
};

const there = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const missing = ['curl', 'bash'].find((program) => !there(program));
const shared = sharedServer();

describe.skipIf(missing)(`with only host and token changed${missing ? `: ${missing} is not installed` : ''}`, () => {
  /** What the command prints, as JSON. */
  const run = (command: string, token = '') =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const url = shared().server.url;
      const changed = command.replace('http://localhost:3007', url).replace(/Bearer (YOUR_)?TOKEN/, `Bearer ${token}`);
      execFile('bash', ['-c', changed.replace(/^curl /, 'curl -sS ')], (error, stdout) =>
        error ? reject(error) : resolve(JSON.parse(stdout)),
      );
    });

  test('the health of the server is told', async () => {
    expect(await run(COMMANDS.health)).toMatchObject({ status: 'ok' });
  });

  test('a user’s usage is told', async () => {
    const { token, id, old } = await shared().user();
    await old.upload('a.txt', '12345');
    const data = { user_id: id, total_bytes: 5, max_bytes: 10_737_418_240, file_count: 1 };
    expect(await run(COMMANDS.usage, token)).toMatchObject({ success: true, data });
  });

  test('an administrator gives a user of Clerk another limit', async () => {
    const { id, old } = await shared().user();
    shared().sql((db) => db.prepare(`update users set clerk_id = 'user_clerk_id' where id = ?`).run(id));
    expect(await run(COMMANDS.quota, shared().token)).toMatchObject({ success: true });
    expect((await old.get('/api/storage/usage')).max_bytes).toBe(21_474_836_480);
    const { token } = await shared().user();
    expect(await run(COMMANDS.quota, token)).toMatchObject({ success: false, code: 'forbidden' });
  });

  test('files are sent by a form, listed, fetched, marked, tagged and deleted', async () => {
    const { token } = await shared().user();
    const bearer = '-H "Authorization: Bearer TOKEN"';
    const files = 'http://localhost:3007/api/files';
    const sent = await run(`curl ${bearer} -F 'file=@-;filename=sea.jpg' ${files}/upload <<< waves`, token);
    const [{ id }] = sent.data as [{ id: string }];
    expect(await run(`curl ${bearer} '${files}?search=sea&type=image'`, token)).toMatchObject({ data: [{ id }] });
    expect(await run(`curl -X POST ${bearer} ${files}/${id}/favorite`, token)).toMatchObject({
      data: { is_favorite: true },
    });
    const tags = `-H "Content-Type: application/json" -d '{"tags":["blue"]}'`;
    expect(await run(`curl -X PUT ${bearer} ${tags} ${files}/${id}/tags`, token)).toMatchObject({
      data: { tags: ['blue'] },
    });
    expect(await run(`curl -X DELETE ${bearer} ${files}/${id}`, token)).toMatchObject({ success: true });
    expect(await run(`curl ${bearer} ${files}`, token)).toMatchObject({ data: [] });
  });
});
