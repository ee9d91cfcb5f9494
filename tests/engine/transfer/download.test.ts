import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { downloadLarge, type LargeDownload } from '../../../main/engine/transfer/download.ts';
import { MiB } from '../../../shared/bytes.ts';
import { ContentId } from '../../../shared/ids.ts';
import { randomBytes } from '../../shared/randomBytes.ts';
import { type Account, openAccount, put } from './account.ts';
import type { Passed } from './relay.ts';

const isContent = ({ path }: Passed): boolean => path.includes('/content?');
const contentsOf = ({ relay }: Account): Passed[] => relay.passed.filter(isContent);
type Uploaded = Awaited<ReturnType<typeof put>>;

function downloadOf(account: Account, { node, contentId }: Uploaded, more: Partial<LargeDownload> = {}): LargeDownload {
  const { api, hasher, folder } = account;
  const to = join(folder, 'down');
  return { api, hasher, fs: nodeFilesystem, nodeId: node.id, contentId, size: node.size, reuse: [], to, ...more };
}

const isAt = (path: string, bytes: Buffer): boolean => bytes.equals(readFileSync(path));

/** Flips a bit in the first byte of every piece. */
function damage(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(0) ^ 1, 0);
  return other;
}

describe('a download with nothing to begin with', () => {
  it.each([0, 1, 300_000, 40 * MiB])('of %d bytes is one stream', async (size) => {
    const account = await openAccount();
    const bytes = randomBytes(size, size);
    const download = downloadOf(account, await put(account, 'file', bytes));
    expect(await downloadLarge(download)).toEqual({ receivedBytes: size });
    expect(isAt(download.to, bytes)).toBe(true);
    expect(contentsOf(account).map(({ range }) => range)).toEqual(size === 0 ? [] : [undefined]);
  });

  it('reports progress up to the size', async () => {
    const account = await openAccount();
    const uploaded = await put(account, 'file', randomBytes(40 * MiB, 1));
    const seen: number[] = [];
    await downloadLarge(downloadOf(account, uploaded, { onProgress: (bytes) => seen.push(bytes) }));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(40 * MiB);
  });

  it('makes a file with the mode of any new file', async () => {
    const account = await openAccount();
    const download = downloadOf(account, await put(account, 'file', randomBytes(1 * MiB, 2)));
    await downloadLarge(download);
    expect(statSync(download.to).mode).toBe(0o100666 & ~process.umask());
  });

  it('gets the version that it names, not the newest', async () => {
    const account = await openAccount();
    const bytes = randomBytes(1 * MiB, 3);
    const first = await put(account, 'file', bytes);
    const { id: nodeId, contentRev: baseContentRev } = first.node;
    await put(account, 'file', randomBytes(1 * MiB, 4), { nodeId, baseContentRev });
    const download = downloadOf(account, first);
    await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
  });
});

describe('a download beside a local file of similar content', () => {
  it('fetches little more than what differs', async () => {
    const account = await openAccount();
    const before = randomBytes(40 * MiB, 5);
    const old = await put(account, 'old', before);
    const after = Buffer.concat([before.subarray(0, 9 * MiB), Buffer.from('inserted'), before.subarray(9 * MiB)]);
    const changed = await put(account, 'new', after);
    const reuse = [{ path: old.path, nodeId: old.node.id, contentId: old.contentId }];
    const download = downloadOf(account, changed, { reuse });
    const { receivedBytes } = await downloadLarge(download);
    expect(isAt(download.to, after)).toBe(true);
    expect(receivedBytes).toBeLessThan(2 * MiB);
    expect(contentsOf(account).every(({ range }) => range !== undefined)).toBe(true);
  });

  it('fetches nothing when the content is the same', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 6);
    const uploaded = await put(account, 'file', bytes);
    const reuse = [{ path: uploaded.path, nodeId: uploaded.node.id, contentId: uploaded.contentId }];
    const download = downloadOf(account, uploaded, { reuse });
    expect(await downloadLarge(download)).toEqual({ receivedBytes: 0 });
    expect(isAt(download.to, bytes)).toBe(true);
  });

  it('does not believe that file: what was written to it meanwhile is fetched', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 7);
    const uploaded = await put(account, 'file', bytes);
    const touched = Buffer.from(bytes);
    touched.fill(0, 4 * MiB, 4 * MiB + 1);
    writeFileSync(uploaded.path, touched.subarray(0, 8 * MiB));
    const reuse = [{ path: uploaded.path, nodeId: uploaded.node.id, contentId: uploaded.contentId }];
    const download = downloadOf(account, uploaded, { reuse });
    const { receivedBytes } = await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
    expect(receivedBytes).toBeGreaterThan(2 * MiB);
    expect(receivedBytes).toBeLessThan(5 * MiB);
  });

  it.each([
    ['is gone', 'gone', undefined],
    ['has content that the server does not know', 'old', ContentId.parse('0'.repeat(64))],
  ])('does without it when it %s', async (_, name, otherContent) => {
    const account = await openAccount();
    const bytes = randomBytes(2 * MiB, 8);
    const uploaded = await put(account, 'old', bytes);
    const { node, contentId } = uploaded;
    const reuse = [{ path: join(account.folder, name), nodeId: node.id, contentId: otherContent ?? contentId }];
    const download = downloadOf(account, uploaded, { reuse });
    expect(await downloadLarge(download)).toEqual({ receivedBytes: 2 * MiB });
    expect(isAt(download.to, bytes)).toBe(true);
  });
});

describe('an interrupted download', () => {
  it('goes on where it ended, and fetches nothing twice that had been written', async () => {
    const account = await openAccount();
    const bytes = randomBytes(40 * MiB, 9);
    const download = downloadOf(account, await put(account, 'file', bytes));
    account.relay.mischief = (exchange) => (isContent(exchange) ? { cutReplyAfter: 25 * MiB } : undefined);
    await expect(downloadLarge(download)).rejects.toMatchObject({ reason: { kind: 'offline' } });
    const there = statSync(download.to).size;
    expect(there).toBeGreaterThan(15 * MiB);

    account.relay.mischief = () => undefined;
    const { receivedBytes } = await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
    expect(receivedBytes).toBeLessThanOrEqual(bytes.length - there + 1 * MiB);
  });

  it('does not believe what it finds', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 10);
    const download = downloadOf(account, await put(account, 'file', bytes));
    writeFileSync(download.to, Buffer.concat([bytes.subarray(0, 3 * MiB), Buffer.alloc(9 * MiB)]));
    const { receivedBytes } = await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
    expect(receivedBytes).toBeGreaterThanOrEqual(7 * MiB);
    expect(receivedBytes).toBeLessThanOrEqual(8 * MiB);
  });

  it('needs nothing from the network when the file was complete', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 11);
    const download = downloadOf(account, await put(account, 'file', bytes));
    writeFileSync(download.to, bytes);
    expect(await downloadLarge(download)).toEqual({ receivedBytes: 0 });
    expect(contentsOf(account)).toEqual([]);
  });

  it('fetches scattered gaps by ranges', async () => {
    const account = await openAccount();
    const bytes = randomBytes(20 * MiB, 12);
    const download = downloadOf(account, await put(account, 'file', bytes));
    const holed = Buffer.from(bytes);
    for (const at of [2, 8, 14]) holed.fill(0, at * MiB, at * MiB + 10);
    writeFileSync(download.to, holed);
    const { receivedBytes } = await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
    expect(receivedBytes).toBeLessThan(4 * MiB);
    expect(contentsOf(account)).toHaveLength(3);
  });
});

describe('what cannot be trusted', () => {
  it('is a damaged byte: it never counts, and is fetched again by the next try', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 13);
    const download = downloadOf(account, await put(account, 'file', bytes));
    account.relay.mischief = (exchange) => (isContent(exchange) ? { reply: damage } : undefined);
    await expect(downloadLarge(download)).rejects.toMatchObject({ reason: { kind: 'damaged' } });
    account.relay.mischief = () => undefined;
    await downloadLarge(download);
    expect(isAt(download.to, bytes)).toBe(true);
  });

  it('is a list of chunks that is not that of the content', async () => {
    const account = await openAccount();
    const uploaded = await put(account, 'file', randomBytes(1 * MiB, 14));
    const other = await put(account, 'other', randomBytes(1 * MiB, 15));
    const api = { ...account.api, chunks: () => account.api.chunks(other.node.id, other.contentId) };
    const download = downloadOf(account, uploaded, { api });
    await expect(downloadLarge(download)).rejects.toMatchObject({ reason: { kind: 'not-driftless' } });
    expect(existsSync(download.to)).toBe(false);
  });

  it('is a link where the file should be made', async () => {
    const account = await openAccount();
    const uploaded = await put(account, 'file', randomBytes(1 * MiB, 16));
    const elsewhere = join(account.folder, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    const download = downloadOf(account, uploaded);
    symlinkSync(elsewhere, download.to);
    await expect(downloadLarge(download)).rejects.toMatchObject({ name: 'FileFailure', code: 'not-a-file' });
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
  });
});

it('stops when it is told to, and keeps what it has', async () => {
  const account = await openAccount();
  const uploaded = await put(account, 'file', randomBytes(40 * MiB, 17));
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  const download = downloadOf(account, uploaded, { signal: stop.signal, onProgress });
  await expect(downloadLarge(download)).rejects.toMatchObject({ reason: { kind: 'cancelled' } });
  const { receivedBytes } = await downloadLarge(downloadOf(account, uploaded));
  expect(receivedBytes).toBeLessThan(40 * MiB);
});

it('says that the folder is gone', async () => {
  const account = await openAccount();
  const uploaded = await put(account, 'file', randomBytes(1 * MiB, 18));
  const download = downloadOf(account, uploaded, { to: join(account.folder, 'nowhere', 'down') });
  await expect(downloadLarge(download)).rejects.toMatchObject({ name: 'FileFailure', code: 'missing' });
});
