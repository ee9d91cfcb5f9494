import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { paths } from '../../../shared/api/paths.ts';
import { MiB } from '../../../shared/bytes.ts';
import { randomBytes } from '../harness.ts';
import { scene } from './scene.ts';

test('POST /api/files/upload stores a file of the field `file`, and devices hear of it', async () => {
  const { old, client, user } = await scene();
  const file = await old.upload('clip.mp4', 'not really', { package_name: 'gold' });
  expect(file).toMatchObject({
    user_id: user.id,
    file_name: 'clip.mp4',
    file_type: 'video',
    file_size: 10,
    file_path: 'clip.mp4',
    package_name: 'gold',
    is_favorite: false,
    tags: [],
  });
  expect((await client.changes()).nodes).toMatchObject([{ id: file.id, name: 'clip.mp4', size: 10 }]);
});

test('ten files of the field `files` are stored at once, and eleven are refused with none of them', async () => {
  const { old, client } = await scene();
  const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.txt`, `${i}`]));
  expect(await old.form('/api/files/upload', files(11), {}, 'files')).toMatchObject({
    status: 400,
    json: { success: false, error: 'At most 10 files can be sent at once. Send the others after them.' },
  });
  expect((await client.changes()).nodes).toEqual([]);
  expect((await old.form('/api/files/upload', files(10), {}, 'files')).json.data).toHaveLength(10);
});

test('a file of many chunks comes back byte for byte, and leaves nothing behind in the staging area', async () => {
  const { old, server } = await scene();
  const content = randomBytes(3 * MiB, 'long').toString('base64');
  const { id } = await old.upload('long.bin', content);
  expect(await old.bytes(`/api/files/${id}/download`)).toBe(content);
  expect(await readdir(join(server.data, 'staging'))).toEqual([]);
});

test('names are made safe, and a name that is taken gets a number', async () => {
  const { old } = await scene();
  expect((await old.upload('../../etc/passwd', 'a')).file_path).toBe('passwd');
  expect((await old.upload('PASSWD', 'b')).file_path).toBe('PASSWD (2)');
  expect((await old.upload('C:\\Users\\kim\\cat.jpg', 'c')).file_path).toBe('cat.jpg');
  expect((await old.upload('cat.jpg', 'd')).file_path).toBe('cat (2).jpg');
});

test('GET /api/files lists the newest first, and finds by search, type, favourite and tag', async () => {
  const { old } = await scene();
  const cat = await old.upload('cat at dawn.jpg', '1');
  const dog = await old.upload('dog.png', '2');
  await old.upload('song.mp3', '3');
  await old.ask('PUT', `/api/files/${dog.id}/tags`, { tags: ['pets', 'Beach'] });
  await old.ask('POST', `/api/files/${cat.id}/favorite`);
  const names = (query: string) => old.names(query);
  expect(await names('')).toEqual(['song.mp3', 'dog.png', 'cat at dawn.jpg']);
  expect(await names('search=dawn')).toEqual(['cat at dawn.jpg']);
  expect(await names('search=beach')).toEqual(['dog.png']);
  expect(await names('type=image')).toEqual(['dog.png', 'cat at dawn.jpg']);
  expect(await names('favorite=true')).toEqual(['cat at dawn.jpg']);
  expect(await names('tag=beach')).toEqual(['dog.png']);
  expect(await names('type=video')).toEqual([]);
});

test('POST /api/files/:id/favorite turns it over each time', async () => {
  const { old } = await scene();
  const { id } = await old.upload('a.txt', 'a');
  const turn = async () => (await old.ask('POST', `/api/files/${id}/favorite`)).json.data.is_favorite;
  expect([await turn(), await turn(), await turn()]).toEqual([true, false, true]);
});

test('PUT /api/files/:id/tags replaces the tags, and a device sees them', async () => {
  const { old, client } = await scene();
  const { id } = await old.upload('a.txt', 'a');
  await old.ask('PUT', `/api/files/${id}/tags`, { tags: ['one', 'two'] });
  expect((await old.ask('PUT', `/api/files/${id}/tags`, { tags: ['two', 'three'] })).json.data.tags).toEqual([
    'two',
    'three',
  ]);
  expect((await client.node(id)).library?.tags).toEqual(['two', 'three']);
});

test('DELETE /api/files/:id takes the file away, gives its space back, and keeps it in the trash', async () => {
  const { old, client } = await scene();
  const { id } = await old.upload('a.txt', '12345');
  expect((await old.ask('DELETE', `/api/files/${id}`)).json).toEqual({
    success: true,
    message: 'File deleted successfully',
  });
  expect((await old.ask('GET', `/api/files/${id}`)).status).toBe(404);
  expect(await client.usage()).toMatchObject({ usedBytes: 0, keptBytes: 5, fileCount: 0 });
});

test.each([
  ['GET', ''],
  ['GET', '/download'],
  ['DELETE', ''],
  ['POST', '/favorite'],
  ['PUT', '/tags'],
])('%s /api/files/:id%s of another user is not found', async (method, rest) => {
  const { old, other } = await scene();
  const { id } = await old.upload('a.txt', 'a');
  const answer = await other.ask(method, `/api/files/${id}${rest}`, method === 'PUT' ? { tags: [] } : undefined);
  expect([answer.status, answer.json.success]).toEqual([404, false]);
  expect(await old.bytes(`/api/files/${id}/download`)).toBe('a');
});

test('without a token nothing is answered', async () => {
  const { server } = await scene();
  for (const path of ['/api/files', '/api/storage/usage', '/storage/info/']) {
    expect((await fetch(server.url + path)).status).toBe(401);
  }
});

test('a file beyond the limit of one file is refused, and nothing of it stays', async () => {
  const { old, server } = await scene({ maxFileBytes: MiB });
  const { status, json } = await old.form('/api/files/upload', { 'big.bin': 'x'.repeat(MiB + 1) });
  expect([status, json.success, json.code]).toEqual([413, false, 'too-large']);
  expect(await readdir(join(server.data, 'staging'))).toEqual([]);
});

test('a form without a file says what to send', async () => {
  const { old } = await scene();
  expect(await old.form('/api/files/upload', {}, { category: 'x' })).toMatchObject({
    status: 400,
    json: { error: 'No file provided. Send it in the field "file" or "files".' },
  });
});

test('GET /health answers at the port and path that those systems used', async () => {
  const { client } = await scene();
  expect((await client.fetch(paths.health)).status).toBe(200);
});
