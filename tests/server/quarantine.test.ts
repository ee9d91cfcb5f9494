import { execFile } from 'node:child_process';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { FileDraft } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import type { QuarantinedFile, QuarantinePage } from '../../shared/api/quarantine.ts';
import type { ActivityPage } from '../../shared/api/storage.ts';
import { byHand, environmentOf } from './database.ts';
import { fakeClamd, VIRUS } from './fakeClamd.ts';
import { Client, type Content, contentOf, freshServer, freshUser, randomBytes, refusal, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';
import { TestClock } from './testClock.ts';

/** A server with a scanner, a user, and the administrator ada. */
async function scene({ clock, ...env }: { clock?: TestClock } & Record<string, unknown> = {}) {
  const scanner = await fakeClamd();
  const { screening } = readConfig({}, { CLAMAV: scanner.socket, ...env } as Record<string, string>);
  const made = await freshUser({ screening }, clock);
  const { token } = await made.server.addUser('ada');
  const db = byHand(made.server.data);
  onTestFinished(() => {
    db.close();
  });
  db.exec(`update users set role = 'admin' where name = 'ada'`);
  const ada = new Client(made.server.url, token);
  const list = async (): Promise<readonly QuarantinedFile[]> =>
    (await ada.json<QuarantinePage>('GET', paths.adminQuarantine)).files;
  const only = async (): Promise<QuarantinedFile> => {
    const files = await list();
    expect(files).toHaveLength(1);
    return files[0] as QuarantinedFile;
  };
  const release = (id: string) => ada.json<QuarantinedFile>('POST', paths.adminRelease(id));
  return { ...made, screening, scanner, ada, db, list, only, release };
}

const infected = (bytes = 1_000): Content =>
  contentOf(Buffer.concat([Buffer.from(VIRUS), randomBytes(bytes, 'infected')]));

async function keptFiles(data: string): Promise<string[]> {
  const entries = await readdir(join(data, 'quarantine'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Both ways into the store: packed with others, and as an upload of its own. */
type Store = (client: Client, name: string, content: Content, more?: Partial<FileDraft>) => Promise<unknown>;
const WAYS: readonly (readonly [string, Store])[] = [
  ['packed', (client, name, content, more) => client.put(name, content, more)],
  ['uploaded', (client, name, content, more) => client.upload(name, content, more)],
];

describe.each(WAYS)('an infected file that is %s', (_way, store) => {
  test('is refused and kept apart, where it counts for nobody, once however often it is sent', async () => {
    const { client, server, only, db } = await scene();
    for (let i = 0; i < 2; i += 1) {
      const refused = await refusal(store(client, 'song.mp3', infected()));
      expect(refused).toMatchObject({ status: 423, title: expect.stringContaining('Test-Virus') });
    }
    expect(await only()).toMatchObject({ userName: 'kim', name: 'song.mp3', why: 'Test-Virus', released: false });
    const [file = '', ...others] = await keptFiles(server.data);
    expect(others).toEqual([]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await client.usage()).toMatchObject({ usedBytes: 0, reservedBytes: 0, fileCount: 0 });
    expect(db.prepare('select count(*) from objects').pluck().get()).toBe(0);
  });

  test('goes where it was meant to go when it is released, and the same content is let in again', async () => {
    const { client, server, only, release, list } = await scene();
    const folder = await client.createFolder('Music');
    const content = infected();
    await refusal(store(client, 'song.mp3', content, { parentId: folder.id }));
    const { id } = await only();
    expect(await release(id)).toMatchObject({ id, released: true });
    const [node] = (await client.changes()).nodes.filter(({ name }) => name === 'song.mp3');
    expect(node).toMatchObject({ parentId: folder.id, state: 'live' });
    expect(node && (await client.download(node)).equals(content.bytes)).toBe(true);
    expect(await keptFiles(server.data)).toEqual([]);
    await store(client, 'again.mp3', content);
    expect(await list()).toMatchObject([{ released: true }]);
  });

  test('is gone when it is deleted', async () => {
    const { client, server, ada, only, list } = await scene();
    await refusal(store(client, 'song.mp3', infected()));
    await ada.json('DELETE', paths.adminQuarantined((await only()).id));
    expect([await list(), await keptFiles(server.data)]).toEqual([[], []]);
    const { activities } = await client.json<ActivityPage>('GET', paths.activity);
    expect(activities[0]).toMatchObject({ action: 'quarantine-delete', path: 'song.mp3', by: 'administrator ada' });
  });
});

test('the same file that is sent by many devices at once is kept once, and whole', async () => {
  const { client, server, only, release } = await scene();
  const content = infected();
  await Promise.all(Array.from({ length: 8 }, (_, n) => refusal(client.put(`${n}.mp3`, content))));
  await release((await only()).id);
  const [node] = (await client.changes()).nodes;
  expect(node && (await client.download(node)).equals(content.bytes)).toBe(true);
  expect(await keptFiles(server.data)).toEqual([]);
});

test('a released file lies beside what has taken its name since', async () => {
  const { client, only, release } = await scene();
  await refusal(client.put('song.mp3', infected()));
  await client.put('song.mp3', text('another song'));
  await release((await only()).id);
  const names = (await client.changes()).nodes.map(({ name }) => name);
  expect(names).toEqual(['song.mp3', 'song (2).mp3']);
});

test('new content of a file becomes its content when it is released, and the one before a version', async () => {
  const { client, only, release } = await scene();
  const node = await client.put('song.mp3', text('clean'));
  await refusal(client.put('song.mp3', infected(), { nodeId: node.id, baseContentRev: node.contentRev }));
  await release((await only()).id);
  expect((await client.node(node.id)).contentId).toBe(infected().contentId);
  expect((await client.download(node, node.contentId)).toString()).toBe('clean');
});

test('a file that its owner has no room for is not released, and stays where it is', async () => {
  const { client, db, only, release } = await scene();
  await refusal(client.put('song.mp3', infected()));
  db.exec(`update users set quota_bytes = 10 where name = 'kim'`);
  const { id } = await only();
  expect((await refusal(release(id))).code).toBe('quota-exceeded');
  expect(await only()).toMatchObject({ id, released: false });
  db.exec(`update users set quota_bytes = null where name = 'kim'`);
  expect(await release(id)).toMatchObject({ released: true });
});

test('a file that is kept survives a restart, and its bytes are those that were sent', async () => {
  const { client, server, screening, user, only, ada } = await scene();
  await refusal(client.put('song.mp3', infected()));
  const { id } = await only();
  await server.close();
  const again = await freshServer({ data: server.data, screening });
  await new Client(again.url, ada.token).json('POST', paths.adminRelease(id));
  const kim = new Client(again.url, user.token);
  const [node] = (await kim.changes()).nodes;
  expect(node && (await kim.download(node)).equals(infected().bytes)).toBe(true);
});

test('a file whose bytes are gone is not released, and not listed any more', async () => {
  const { client, server, only, release, list } = await scene();
  await refusal(client.put('song.mp3', infected()));
  const { id } = await only();
  for (const file of await keptFiles(server.data)) await rm(file);
  expect((await refusal(release(id))).title).toBe('The bytes of this file are gone. Have it sent again.');
  expect(await list()).toEqual([]);
});

test('files are kept as long as the trash keeps them', async () => {
  const clock = new TestClock();
  const { client, server, only, list } = await scene({ clock });
  await refusal(client.put('song.mp3', infected()));
  await clock.pass(29 * 24 * 3_600_000);
  await only();
  await clock.pass(2 * 24 * 3_600_000);
  expect([await list(), await keptFiles(server.data)]).toEqual([[], []]);
});

test('what a crash has left half brought goes, after an hour', async () => {
  const clock = new TestClock();
  const { client, server, only, list, db } = await scene({ clock });
  await refusal(client.put('song.mp3', infected()));
  const { id } = await only();
  db.prepare(`update quarantine set state = 'arriving' where id = ?`).run(id);
  expect(await list()).toEqual([]);
  await clock.pass(60_000);
  expect(await keptFiles(server.data)).toHaveLength(1);
  await clock.pass(3_600_000);
  expect(await keptFiles(server.data)).toEqual([]);
});

test('a file that cannot be looked into is kept apart where that is the policy', async () => {
  const scanner = await fakeClamd(() => 'INSTREAM size limit exceeded. ERROR');
  const { client, list } = await scene({ CLAMAV: scanner.socket, CLAMAV_UNSCANNABLE: 'quarantine' });
  expect((await refusal(client.put('film.mp4', text('film')))).code).toBe('quarantined');
  expect(await list()).toMatchObject([{ name: 'film.mp4', why: expect.stringContaining('size limit') }]);
});

test('the command line lists, releases and deletes beside the running server, which carries it out within a minute', async () => {
  const clock = new TestClock();
  const { client, server, only, list } = await scene({ clock });
  const command = async (...args: string[]) =>
    (
      await promisify(execFile)(process.execPath, [SERVER_PROGRAM, 'quarantine', ...args, '--data', server.data], {
        env: await environmentOf(server.data),
      })
    ).stdout;
  await refusal(client.put('song.mp3', infected()));
  const { id } = await only();
  expect(await command()).toMatch(new RegExp(`^${id}\t.*\tkim\tsong.mp3\t.*\tTest-Virus\tkept\n$`));
  expect(await command('release', id)).toBe('"song.mp3" is released within a minute.\n');
  await clock.pass(60_000);
  expect((await client.changes()).nodes).toMatchObject([{ name: 'song.mp3', state: 'live' }]);
  expect(await command('delete', id)).toBe('"song.mp3" would be deleted. Add --yes to do it.\n');
  expect(await list()).toMatchObject([{ released: true }]);
  await command('delete', id, '--yes');
  await clock.pass(60_000);
  expect(await list()).toEqual([]);
  expect((await refusal(client.put('again.mp3', infected()))).code).toBe('quarantined');
});

test('only administrators see and decide', async () => {
  const { client, only } = await scene();
  await refusal(client.put('song.mp3', infected()));
  const { id } = await only();
  for (const [method, path] of [
    ['GET', paths.adminQuarantine],
    ['POST', paths.adminRelease(id)],
    ['DELETE', paths.adminQuarantined(id)],
  ] as const) {
    expect((await refusal(client.json(method, path))).code).toBe('forbidden');
  }
  expect(await only()).toMatchObject({ released: false });
});
