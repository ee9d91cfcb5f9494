import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FILE_TYPES } from '../../../shared/fileTypes.ts';
import { sharedServer } from './scene.ts';

const shared = sharedServer();

test('POST /api/files/upload takes one file in `file` and up to ten in `files`, and tells how each is stored', async () => {
  const { old } = await shared().user();
  await old.upload('one.mp4', 'one');
  const ten = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`${n}.txt`, `${n}`]));
  expect((await old.form('/api/files/upload', ten, {}, 'files')).json.data).toHaveLength(10);
  expect((await old.form('/api/files/upload', { ...ten, 'b.txt': 'b' }, {}, 'files')).status).toBe(400);
  expect(await old.names('')).toHaveLength(11);
});

test('GET /api/files?search=&type=&favorite=true&tag= finds; /:id, /:id/download, DELETE, favorite and tags work', async () => {
  const { old } = await shared().user();
  const { id } = await old.upload('sea.jpg', 'waves');
  await old.upload('notes.txt', 'notes');
  expect((await old.ask('POST', `/api/files/${id}/favorite`)).json.data.is_favorite).toBe(true);
  expect((await old.ask('PUT', `/api/files/${id}/tags`, { tags: ['blue'] })).json.data.tags).toEqual(['blue']);
  for (const query of [
    'search=sea',
    'type=image',
    'favorite=true',
    'tag=blue',
    'search=blue&type=image&favorite=true',
  ]) {
    expect(await old.names(query), query).toEqual(['sea.jpg']);
  }
  expect(await old.names('search=&type=document')).toEqual(['notes.txt']);
  expect((await old.get(`/api/files/${id}`)).file_name).toBe('sea.jpg');
  expect(await old.bytes(`/api/files/${id}/download`)).toBe('waves');
  expect((await old.ask('DELETE', `/api/files/${id}`)).json.success).toBe(true);
  expect((await old.ask('GET', `/api/files/${id}`)).status).toBe(404);
});

test('filters that are sent empty are filters that are not set', async () => {
  const { old } = await shared().user();
  await old.upload('sea.jpg', 'waves');
  expect(await old.names('search=&type=&favorite=&tag=')).toEqual(['sea.jpg']);
});

test('every user has a directory of their own by type, for its owner only', async () => {
  const { old, id } = await shared().user();
  const names = ['a.mp4', 'a.jpg', 'a.blend', 'a.psd', 'a.wav', 'a.pdf', 'a.xyz'];
  for (const name of names) await old.upload(name, name);
  const folder = join(shared().data, 'users', id);
  const found = (await readdir(folder)).filter((name) => name !== 'thumbnails').sort();
  expect(found).toEqual(Object.values(FILE_TYPES).sort());
  for (const name of ['', ...found]) expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o700);
});

test('category, entity and subcategory are the folders of an upload, fields of the file, and counted', async () => {
  const { old, client } = await shared().user();
  const lease = { category: 'documents', subcategory: 'leases' };
  const photo = { category: 'properties', entityId: '17', subcategory: 'photos' };
  await old.form('/api/storage/upload', { 'lease.pdf': 'lease' }, lease);
  const { json } = await old.form('/api/storage/upload', { 'front.jpg': 'front door' }, photo);
  expect(json.data.filePath).toBe('properties/17/photos/front.jpg');
  expect((await client.node(json.data.fileId)).library).toMatchObject(photo);
  expect((await old.get('/api/storage/stats')).breakdown).toMatchObject([
    { fileType: 'image', category: 'properties', fileCount: 1, totalSize: 10 },
    { fileType: 'document', category: 'documents', fileCount: 1, totalSize: 5 },
  ]);
});

test('a second upload of a name gets a number, and without a category it lies at the top', async () => {
  const { old } = await shared().user();
  const paths = [];
  for (const words of ['a', 'b', 'c']) paths.push((await old.upload('cat.jpg', words)).file_path);
  expect(paths).toEqual(['cat.jpg', 'cat (2).jpg', 'cat (3).jpg']);
});

test('names are made harmless, and no path leads out of the library', async () => {
  const { old } = await shared().user();
  expect((await old.upload('../../../etc/passwd', 'a')).file_path).toBe('passwd');
  expect((await old.upload('con\u0007trol.txt', 'a')).file_path).toBe('con_trol.txt');
  expect((await old.ask('DELETE', '/api/storage/file', { filePath: '../../driftless.db' })).status).toBe(404);
});

test('no address lists a directory or serves a stored file by its path', async () => {
  const { old, id } = await shared().user();
  const { stored_file_name: stored } = await old.upload('a.jpg', 'a');
  for (const path of ['/', '/users/', `/users/${id}/images/`, `/users/${id}/images/${stored}`, '/uploads/', '/api/']) {
    expect((await old.ask('GET', path)).status, path).toBe(404);
  }
});
