import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { paths } from '../../shared/api/paths.ts';
import type { ActivityPage } from '../../shared/api/storage.ts';
import { MiB } from '../../shared/bytes.ts';
import { clamdProgram, EICAR, startClamd } from './clamd.ts';
import {
  type Client,
  type Content,
  contentOf,
  draft,
  freshUser,
  newUploadId,
  randomBytes,
  refusal,
  temporaryFolder,
  text,
} from './harness.ts';

const screening = (env: Record<string, string>) => freshUser({ screening: readConfig({}, env).screening });

/** Both ways into the store: packed with others, and as an upload of its own. */
const WAYS: readonly (readonly [string, (client: Client, name: string, content: Content) => Promise<unknown>])[] = [
  ['packed', (client, name, content) => client.put(name, content)],
  ['uploaded', (client, name, content) => client.upload(name, content)],
];

const pixel = async () =>
  contentOf(
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
const program = contentOf(Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(64)]));

async function storedFiles(data: string): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /users|staging/.test(entry.parentPath)).map(({ name }) => name);
}

describe.each(WAYS)('a file that is %s', (_way, store) => {
  test('is refused when its type is not among those allowed, whatever its name says', async () => {
    const { client, server } = await screening({ ALLOWED_TYPES: 'image/*, text/plain' });
    expect((await refusal(store(client, 'holiday.jpg', program))).code).toBe('type-refused');
    expect((await refusal(store(client, 'holiday.jpg', text('not a picture')))).code).toBe('type-refused');
    expect((await refusal(store(client, 'page.html', text('<script>')))).title).toContain('text/html');
    expect(await storedFiles(server.data)).toEqual([]);
    await store(client, 'holiday.jpg', await pixel());
    await store(client, 'words.txt', text('words'));
    expect((await client.usage()).fileCount).toBe(2);
  });

  test('is refused when its type is among those refused, under every name', async () => {
    const { client } = await screening({ REFUSED_TYPES: 'application/x-elf' });
    expect(await refusal(store(client, 'holiday.jpg', program))).toMatchObject({ code: 'type-refused', status: 415 });
    await store(client, 'page.html', text('<p>'));
  });

  test('is refused while the scanner cannot be reached, and stored when it answers again', async () => {
    const socket = join(await temporaryFolder(), 'clamd.sock');
    const { client } = await screening({ CLAMAV: socket });
    const content = contentOf(randomBytes(1_000, 'a'));
    expect(await refusal(store(client, 'a', content))).toMatchObject({ code: 'unavailable', status: 503 });
    const scanner = createServer({ allowHalfOpen: true }, (connection) => {
      connection.resume().on('end', () => connection.end('stream: OK\0'));
    }).listen(socket);
    onTestFinished(() => {
      scanner.close();
    });
    await once(scanner, 'listening');
    await store(client, 'a', content);
  });

  test('is refused when the scanner hangs up in the middle', async () => {
    const socket = join(await temporaryFolder(), 'clamd.sock');
    const scanner = createServer((connection) => connection.destroy()).listen(socket);
    onTestFinished(() => {
      scanner.close();
    });
    const { client } = await screening({ CLAMAV: socket });
    expect((await refusal(store(client, 'a', text('a')))).code).toBe('unavailable');
  });
});

test('an upload that met no scanner is completed later without sending anything again', async () => {
  const socket = join(await temporaryFolder(), 'clamd.sock');
  const { client } = await screening({ CLAMAV: socket });
  const content = contentOf(randomBytes(300_000, 'a'));
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'a'));
  for (const part of await client.manifest(uploadId, content.chunks)) await client.part(uploadId, part, content.bytes);
  expect((await refusal(client.complete(uploadId, content.contentId))).code).toBe('unavailable');
  const scanner = createServer({ allowHalfOpen: true }, (connection) => {
    connection.resume().on('end', () => connection.end('stream: OK\0'));
  }).listen(socket);
  onTestFinished(() => {
    scanner.close();
  });
  await once(scanner, 'listening');
  const node = await client.complete(uploadId, content.contentId);
  expect((await client.download(node)).equals(content.bytes)).toBe(true);
  expect(await client.usage()).toMatchObject({ usedBytes: 300_000, reservedBytes: 0 });
});

const clamd = await clamdProgram();
describe.skipIf(!clamd).each(WAYS)('with clamd (Debian’s clamav-daemon), a file that is %s', (_way, store) => {
  test('is refused when it is infected, kept apart, and told of', async () => {
    const { socket } = await startClamd(clamd ?? '');
    const { client, server } = await screening({ CLAMAV: socket });
    expect(await refusal(store(client, 'song.mp3', text(EICAR)))).toMatchObject({ code: 'quarantined', status: 423 });
    expect(await storedFiles(server.data)).toEqual([]);
    expect(await readdir(join(server.data, 'quarantine'))).toHaveLength(1);
    expect(await client.usage()).toMatchObject({ usedBytes: 0, reservedBytes: 0 });
    const { activities } = await client.json<ActivityPage>('GET', paths.activity);
    expect(activities[0]).toMatchObject({ action: 'refused-infected', path: 'song.mp3' });
    await store(client, 'song.mp3', text('clean'));
  });
});

describe.skipIf(!clamd)('with clamd (Debian’s clamav-daemon)', () => {
  test('a file that is too large to be scanned is refused, or let in where that is the policy', async () => {
    const { socket } = await startClamd(clamd ?? '');
    const large = contentOf(randomBytes(26 * MiB, 'large'));
    const strict = await screening({ CLAMAV: socket });
    const refused = await refusal(strict.client.upload('film.mp4', large));
    expect(refused).toMatchObject({ code: 'quarantined', title: expect.stringContaining('size limit') });
    const lenient = await screening({ CLAMAV: socket, CLAMAV_UNSCANNABLE: 'allow' });
    expect((await lenient.client.upload('film.mp4', large)).size).toBe(26 * MiB);
  });

  test('a large file is read from its beginning to its end', async () => {
    const { socket } = await startClamd(clamd ?? '');
    const { client } = await screening({ CLAMAV: socket });
    const bytes = Buffer.concat([randomBytes(3 * MiB, 'begin'), Buffer.from(EICAR), randomBytes(MiB, 'end')]);
    expect((await refusal(client.upload('film.mp4', contentOf(bytes)))).code).toBe('quarantined');
  });
});

test.skipIf(clamd)('the suite with clamd was skipped: Debian’s package clamav-daemon is not installed', () => {
  expect(clamd).toBeUndefined();
});
