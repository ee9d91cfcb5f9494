import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { AdminUser, AdminUserPage, AuditPage, Recalculated, UsageReport } from '../../shared/api/admin.ts';
import { paths } from '../../shared/api/paths.ts';
import { GiB } from '../../shared/bytes.ts';
import { byHand, environmentOf } from './database.ts';
import { Client, freshUser, refusal, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

/** kim, and an administrator called ada who was made on the command line. */
async function withAdmin() {
  const fresh = await freshUser();
  const { server } = fresh;
  const env = await environmentOf(server.data);
  const args = [SERVER_PROGRAM, 'users', 'add', 'ada', '--role', 'admin', '--data', server.data, '--json'];
  const added = JSON.parse((await promisify(execFile)(process.execPath, args, { env })).stdout);
  const ada = new Client(server.url, added.token);
  const change = (id: string, body: unknown): Promise<AdminUser> =>
    ada.json('PATCH', paths.adminUser(id as ':id'), body);
  return { ...fresh, ada, adaId: added.id as string, change };
}

test('the administrator’s routes are closed to everybody else', async () => {
  const { client, user } = await withAdmin();
  const attempts: [method: string, path: string, body?: unknown][] = [
    ['GET', paths.adminUsers],
    ['POST', paths.adminUsers, { name: 'lee' }],
    ['PATCH', paths.adminUser(user.id), { role: 'admin' }],
    ['GET', paths.adminPlans],
    ['PUT', paths.adminPlan('free'), { quotaBytes: null }],
    ['POST', paths.adminRecalculate],
    ['GET', paths.adminAudit],
    ['GET', paths.adminUsage],
  ];
  for (const [method, path, body] of attempts) {
    expect((await refusal(client.json(method, path, body))).code, `${method} ${path}`).toBe('forbidden');
  }
});

test('users are listed by name, in pages', async () => {
  const { ada, server, client } = await withAdmin();
  await server.addUser('bo', 'silver');
  await client.put('a', text('12345'));
  const first = await ada.json<AdminUserPage>('GET', `${paths.adminUsers}?limit=2`);
  expect(first.users.map(({ name, role, plan }) => [name, role, plan])).toEqual([
    ['ada', 'admin', 'free'],
    ['bo', 'user', 'silver'],
  ]);
  const second = await ada.json<AdminUserPage>('GET', `${paths.adminUsers}?limit=2&cursor=${first.next}`);
  expect(second).toMatchObject({ users: [{ name: 'kim', usedBytes: 5, fileCount: 1, limitIsOwn: false }], next: null });
});

test('a user is added with a token that lets them in', async () => {
  const { ada, server } = await withAdmin();
  const { token } = await ada.json<{ token: string }>('POST', paths.adminUsers, { name: 'lee', plan: 'gold' });
  expect((await new Client(server.url, token).usage()).limitBytes).toBe(100 * GiB);
  expect(await refusal(ada.json('POST', paths.adminUsers, { name: 'lee' }))).toMatchObject({
    code: 'malformed',
    title: expect.stringContaining('already'),
  });
});

test('a change of plan changes the limit, unless the user has one of their own', async () => {
  const { change, user, client } = await withAdmin();
  expect(await change(user.id, { plan: 'silver' })).toMatchObject({ limitBytes: 50 * GiB, limitIsOwn: false });
  expect((await client.usage()).limitBytes).toBe(50 * GiB);
  expect(await change(user.id, { quota: { type: 'own', bytes: 7 } })).toMatchObject({
    limitBytes: 7,
    limitIsOwn: true,
  });
  expect(await change(user.id, { plan: 'gold' })).toMatchObject({ plan: 'gold', limitBytes: 7, limitIsOwn: true });
  expect(await change(user.id, { quota: { type: 'plan' } })).toMatchObject({
    limitBytes: 100 * GiB,
    limitIsOwn: false,
  });
  expect(await change(user.id, { quota: { type: 'own', bytes: null } })).toMatchObject({ limitBytes: null });
  expect((await refusal(change(user.id, { plan: 'huge' }))).title).toContain('There is no plan "huge"');
});

test('a change of what a plan allows reaches its users, but for those with a limit of their own', async () => {
  const { ada, change, user, adaId } = await withAdmin();
  await change(user.id, { quota: { type: 'own', bytes: 7 } });
  await ada.json('PUT', paths.adminPlan('free'), { quotaBytes: 5 * GiB });
  const { users } = await ada.json<AdminUserPage>('GET', paths.adminUsers);
  expect(users.map(({ limitBytes }) => limitBytes)).toEqual([5 * GiB, 7]);
  expect(users.map(({ id }) => id)).toEqual([adaId, user.id]);
  const { plans } = await ada.json<{ plans: { name: string; quotaBytes: number; users: number }[] }>(
    'GET',
    paths.adminPlans,
  );
  expect(plans).toContainEqual({ name: 'free', quotaBytes: 5 * GiB, users: 2 });
  expect(plans.map(({ name }) => name).sort()).toEqual(
    ['free', 'bronze', 'silver', 'gold', 'platinum', 'starter', 'professional', 'business', 'enterprise'].sort(),
  );
  expect((await refusal(ada.json('PUT', paths.adminPlan('huge'), { quotaBytes: 1 }))).code).toBe('not-found');
});

test('a user who is disabled is out at once, and in again when enabled', async () => {
  const { change, user, client } = await withAdmin();
  expect((await client.usage()).usedBytes).toBe(0);
  expect((await change(user.id, { disabled: true })).disabledAt).toBeGreaterThan(0);
  expect((await refusal(client.usage())).code).toBe('unauthenticated');
  expect((await change(user.id, { disabled: false })).disabledAt).toBeNull();
  expect((await client.usage()).usedBytes).toBe(0);
});

test('a role is given and taken, at once; the last administrator stays one', async () => {
  const { change, user, adaId, client } = await withAdmin();
  expect((await refusal(change(adaId, { role: 'user' }))).code).toBe('forbidden');
  expect((await refusal(change(adaId, { disabled: true }))).code).toBe('forbidden');
  await change(user.id, { role: 'admin' });
  expect((await client.json<AdminUserPage>('GET', paths.adminUsers)).users).toHaveLength(2);
  await change(user.id, { role: 'user' });
  expect((await refusal(client.json('GET', paths.adminUsers))).code).toBe('forbidden');
  expect((await refusal(change('01890000-0000-7000-8000-000000000000', { role: 'user' }))).code).toBe('not-found');
});

test('counters that somebody has spoilt are set to what they count', async () => {
  const { ada, client, user, server } = await withAdmin();
  await client.trash(await client.put('a', text('12345')));
  await client.put('b', text('123'));
  const db = byHand(server.data);
  db.prepare('update users set used_bytes = 99, kept_bytes = 99, file_count = 99, reserved_bytes = 99').run();
  db.close();
  const { corrected } = await ada.json<Recalculated>('POST', `${paths.adminRecalculate}?user=${user.id}`);
  expect(corrected.map(({ counter, was, is }) => [counter, was, is])).toEqual([
    ['used_bytes', 99, 3],
    ['kept_bytes', 99, 5],
    ['file_count', 99, 1],
    ['reserved_bytes', 99, 0],
  ]);
  expect(await client.usage()).toMatchObject({ usedBytes: 3, keptBytes: 5, fileCount: 1, reservedBytes: 0 });
  expect((await ada.json<Recalculated>('POST', paths.adminRecalculate)).corrected).toHaveLength(4);
  expect((await ada.json<Recalculated>('POST', paths.adminRecalculate)).corrected).toEqual([]);
});

test('the audit shows everybody’s activities, and what administrators did under their names', async () => {
  const { ada, change, user, client } = await withAdmin();
  await client.put('a', text('1'));
  await change(user.id, { plan: 'gold', quota: { type: 'own', bytes: 7 }, role: 'admin' });
  const { entries } = await ada.json<AuditPage>('GET', `${paths.adminAudit}?user=${user.id}`);
  expect(entries.map(({ action, by, userName, detail }) => [action, by, userName, detail]).reverse()).toEqual([
    ['upload', 'enrolment token', 'kim', null],
    ['plan-change', 'administrator ada', 'kim', 'from free to gold'],
    ['quota-change', 'administrator ada', 'kim', `from ${10 * GiB} bytes to ${100 * GiB} bytes`],
    ['quota-change', 'administrator ada', 'kim', `from ${100 * GiB} bytes to 7 bytes`],
    ['role-change', 'administrator ada', 'kim', 'from user to admin'],
  ]);
  const uploads = await ada.json<AuditPage>('GET', `${paths.adminAudit}?action=upload`);
  expect(uploads.entries.map(({ path }) => path)).toEqual(['a']);
});

test('the report sums up, and names who is near the limit', async () => {
  const { ada, change, user, client } = await withAdmin();
  await client.put('a', text('12345'));
  await change(user.id, { quota: { type: 'own', bytes: 6 } });
  const report = await ada.json<UsageReport>('GET', paths.adminUsage);
  expect(report).toMatchObject({ users: 2, disabled: 0, fileCount: 1, usedBytes: 5, keptBytes: 0 });
  expect(report.plans).toEqual([{ name: 'free', users: 2, usedBytes: 5, fileCount: 1 }]);
  expect(report.nearLimit).toEqual([{ id: user.id, name: 'kim', usedBytes: 5, limitBytes: 6 }]);
  expect(report.days).toEqual([{ day: new Date().toISOString().slice(0, 10), uploads: 1, bytes: 5 }]);
});
