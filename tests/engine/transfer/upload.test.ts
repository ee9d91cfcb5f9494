import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type LargeUpload,
  type StoredUpload,
  type UploadedFile,
  uploadLarge,
} from '../../../main/engine/transfer/upload.ts';
import { MiB } from '../../../shared/bytes.ts';
import { randomBytes } from '../../shared/randomBytes.ts';
import { type Account, draftOf, openAccount, put, UploadStore, uploadOf, write } from './account.ts';
import type { Passed } from './relay.ts';
import { newUploadId } from './systemPorts.ts';

async function contentOf(account: Account, { node, contentId }: UploadedFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await account.api.content(node.id, contentId, null)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const isPart = ({ method, path }: Passed): boolean => method === 'PUT' && path.includes('/parts/');
const isComplete = ({ path }: Passed): boolean => path.endsWith('/complete');

/** Uploads until the relay breaks the connection; what is left is what a restarted engine would find stored. */
async function interrupted(upload: LargeUpload): Promise<void> {
  await expect(uploadLarge(upload)).rejects.toMatchObject({ name: 'ServerFailure', reason: { kind: 'offline' } });
}

/** Bytes that the server has yet to get of what it knows of. */
async function missing({ api }: Account, stored: StoredUpload | null): Promise<number> {
  const { parts } = await api.uploadStatus(stored?.uploadId ?? newUploadId());
  const left = parts.filter(({ received }) => !received).flatMap(({ send }) => send);
  return left.reduce((sum, [, length]) => sum + length, 0);
}

/** Passes so many parts, then breaks every connection. */
function breakAfterParts(account: Account, count: number): void {
  let parts = 0;
  account.relay.mischief = (exchange) => {
    if (isPart(exchange)) parts += 1;
    return parts > count ? { cutBodyAfter: -1, cutReplyAfter: 0 } : undefined;
  };
}

describe('a new file', () => {
  it.each([0, 1, 300_000, 5 * MiB + 1, 40 * MiB])('of %d bytes arrives whole', async (size) => {
    const account = await openAccount();
    const bytes = randomBytes(size, size);
    const uploaded = await put(account, 'file', bytes);
    expect(uploaded.sentBytes).toBe(size);
    expect(uploaded.node).toMatchObject({ id: uploaded.draft.nodeId, name: 'file', size, state: 'live' });
    expect(bytes.equals(await contentOf(account, uploaded))).toBe(true);
  });

  it('reports progress up to its size', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(30 * MiB, 1));
    const seen: number[] = [];
    await uploadLarge(uploadOf(account, path, draftOf('file', 30 * MiB), { onProgress: (bytes) => seen.push(bytes) }));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(30 * MiB);
  });

  it('never has more than three parts on the wire', async () => {
    const account = await openAccount();
    let open = 0;
    let most = 0;
    const { putPart } = account.api;
    const counting: Account = {
      ...account,
      api: {
        ...account.api,
        putPart: async (...part) => {
          open += 1;
          most = Math.max(most, open);
          await putPart(...part);
          open -= 1;
        },
      },
    };
    await put(counting, 'file', randomBytes(60 * MiB, 2));
    expect(most).toBe(3);
  });

  it('that the server has under another name is not sent again', async () => {
    const account = await openAccount();
    const bytes = randomBytes(20 * MiB, 3);
    await put(account, 'one', bytes);
    const other = await put(account, 'two', bytes);
    expect(other.sentBytes).toBe(0);
    expect(bytes.equals(await contentOf(account, other))).toBe(true);
  });
});

describe('a changed file', () => {
  it('sends little more than what changed', async () => {
    const account = await openAccount();
    const bytes = randomBytes(40 * MiB, 4);
    const { node } = await put(account, 'file', bytes);
    const changed = Buffer.concat([bytes.subarray(0, 17 * MiB), Buffer.from('inserted'), bytes.subarray(17 * MiB)]);
    const again = await put(account, 'file', changed, { nodeId: node.id, baseContentRev: node.contentRev });
    expect(again.sentBytes).toBeLessThan(2 * MiB);
    expect(changed.equals(await contentOf(account, again))).toBe(true);
  });

  it('is refused when the server has a newer version, and its session is closed', async () => {
    const account = await openAccount();
    const { node } = await put(account, 'file', randomBytes(1 * MiB, 5));
    const newer = { nodeId: node.id, baseContentRev: node.contentRev };
    await put(account, 'file', randomBytes(1 * MiB, 6), newer);
    const store = new UploadStore();
    const path = write(account, 'file', randomBytes(1 * MiB, 7));
    const upload = uploadOf(account, path, draftOf('file', 1 * MiB, newer), { onStored: store.onStored });
    await expect(uploadLarge(upload)).rejects.toMatchObject({ reason: { problem: { code: 'base-changed' } } });
    expect(store.only).toBeNull();
  });
});

describe('an interrupted upload', () => {
  it('is resumed: it sends only what is missing, and no byte twice that had arrived', async () => {
    const account = await openAccount();
    const bytes = randomBytes(60 * MiB, 8);
    const path = write(account, 'file', bytes);
    const draft = draftOf('file', bytes.length);
    const store = new UploadStore();
    let parts = 0;
    account.relay.mischief = (exchange) => {
      if (isPart(exchange)) parts += 1;
      return parts === 3 ? { cutBodyAfter: 15 * MiB } : undefined;
    };
    await interrupted(uploadOf(account, path, draft, { onStored: store.onStored }));

    account.relay.mischief = () => undefined;
    const stored = store.only;
    await expect.poll(() => missing(account, stored)).toBeLessThan(bytes.length - 15 * MiB);
    const left = await missing(account, stored);

    const again = await uploadLarge(uploadOf(account, path, draft, { onStored: store.onStored, resume: stored }));
    // What was on its way when the connection broke may have arrived since.
    expect(again.sentBytes).toBeLessThanOrEqual(left);
    expect(bytes.equals(await contentOf(account, again))).toBe(true);
  });

  it('sends again little of a part that broke off', async () => {
    const account = await openAccount();
    const bytes = randomBytes(14 * MiB, 9);
    const path = write(account, 'file', bytes);
    const draft = draftOf('file', bytes.length);
    const store = new UploadStore();
    account.relay.mischief = (exchange) => (isPart(exchange) ? { cutBodyAfter: 10 * MiB } : undefined);
    await interrupted(uploadOf(account, path, draft, { onStored: store.onStored }));
    account.relay.mischief = () => undefined;
    // What lay between the connection and the disk is lost, and the chunk that broke off.
    await expect.poll(() => missing(account, store.only)).toBeLessThan(10 * MiB);
    const left = await missing(account, store.only);
    const again = await uploadLarge(uploadOf(account, path, draft, { onStored: store.onStored, resume: store.only }));
    expect(again.sentBytes).toBeLessThanOrEqual(left);
    expect(bytes.equals(await contentOf(account, again))).toBe(true);
  });

  it('stores session and chunks before the server learns of them', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(20 * MiB, 10));
    const events: string[] = [];
    account.relay.mischief = ({ method, path: to }) => {
      if (method === 'POST' && to.includes('/uploads')) events.push(to.endsWith('/manifest') ? 'manifest' : 'other');
      return undefined;
    };
    const upload = uploadOf(account, path, draftOf('file', 20 * MiB), {
      onStored: ({ type }) => events.push(type),
      onArrived: async () => void events.push('arrived'),
    });
    await uploadLarge(upload);
    expect(events.slice(0, 2)).toEqual(['opened', 'other']);
    expect(events.slice(-3)).toEqual(['arrived', 'completing', 'other']);
    // Two pieces of the manifest: each is stored before it is sent, and the second may be stored before the first is sent.
    expect([
      ['chunked', 'manifest', 'chunked', 'manifest'],
      ['chunked', 'chunked', 'manifest', 'manifest'],
    ]).toContainEqual(events.slice(2, -3));
  });

  it('takes the stored result when only the reply to complete was lost', async () => {
    const account = await openAccount();
    const bytes = randomBytes(10 * MiB, 11);
    const path = write(account, 'file', bytes);
    const draft = draftOf('file', bytes.length);
    const store = new UploadStore();
    account.relay.mischief = (exchange) => (isComplete(exchange) ? { cutReplyAfter: 0 } : undefined);
    await interrupted(uploadOf(account, path, draft, { onStored: store.onStored }));

    account.relay.mischief = () => undefined;
    const again = await uploadLarge(uploadOf(account, path, draft, { onStored: store.onStored, resume: store.only }));
    expect(again.sentBytes).toBe(0);
    expect(again.node).toMatchObject({ id: draft.nodeId, state: 'live' });
    expect(account.relay.passed.filter(isComplete)).toHaveLength(1);
  });

  it.each(['opened', 'chunked'] as const)('goes on after a crash right after %s was stored', async (moment) => {
    const account = await openAccount();
    const bytes = randomBytes(20 * MiB, 12);
    const path = write(account, 'file', bytes);
    const draft = draftOf('file', bytes.length);
    const store = new UploadStore();
    const crash = new Error('crash');
    const dying = uploadOf(account, path, draft, {
      onStored: (change) => {
        store.onStored(change);
        if (change.type === moment) throw crash;
      },
    });
    await expect(uploadLarge(dying)).rejects.toBe(crash);
    const again = await uploadLarge(uploadOf(account, path, draft, { onStored: store.onStored, resume: store.only }));
    expect(bytes.equals(await contentOf(account, again))).toBe(true);
  });

  it('starts over when the server has forgotten the session', async () => {
    const account = await openAccount();
    const bytes = randomBytes(20 * MiB, 13);
    const path = write(account, 'file', bytes);
    const draft = draftOf('file', bytes.length);
    const store = new UploadStore();
    breakAfterParts(account, 1);
    await interrupted(uploadOf(account, path, draft, { onStored: store.onStored }));
    account.relay.mischief = () => undefined;
    const stored = store.only;
    await account.api.abortUpload(stored?.uploadId ?? newUploadId());

    const again = await uploadLarge(uploadOf(account, path, draft, { onStored: store.onStored, resume: stored }));
    expect(again.sentBytes).toBe(bytes.length);
    expect(store.only?.uploadId).not.toBe(stored?.uploadId);
  });

  it('starts over from the new content when the file has changed since', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(20 * MiB, 14));
    const store = new UploadStore();
    breakAfterParts(account, 1);
    const draft = draftOf('file', 20 * MiB);
    await interrupted(uploadOf(account, path, draft, { onStored: store.onStored }));
    account.relay.mischief = () => undefined;
    const stored = store.only;
    appendFileSync(path, 'more');
    const resumed = { ...draft, size: 20 * MiB + 4 };
    const again = await uploadLarge(uploadOf(account, path, resumed, { onStored: store.onStored, resume: stored }));
    expect(readFileSync(path).equals(await contentOf(account, again))).toBe(true);
    await expect(account.api.uploadStatus(stored?.uploadId ?? newUploadId())).rejects.toMatchObject({
      reason: { kind: 'problem' },
    });
  });
});

describe('a file that changes while it is sent', () => {
  it('is not uploaded, and its session is closed on both sides', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(60 * MiB, 15));
    const store = new UploadStore();
    let session = '';
    account.relay.mischief = (exchange) => {
      if (isPart(exchange)) writeFileSync(path, 'changed');
      return undefined;
    };
    const upload = uploadOf(account, path, draftOf('file', 60 * MiB), {
      onStored: (change) => {
        session = change.uploadId;
        store.onStored(change);
      },
    });
    await expect(uploadLarge(upload)).rejects.toMatchObject({ name: 'FileFailure', code: 'changed' });
    expect(store.only).toBeNull();
    expect(account.relay.passed.some(({ method, path: to }) => method === 'DELETE' && to.endsWith(session))).toBe(true);
    expect((await account.api.changes('0')).nodes).toEqual([]);
  });

  it('is told apart from one that had changed before', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(1 * MiB, 16));
    const upload = uploadOf(account, path, draftOf('file', 1 * MiB));
    appendFileSync(path, 'more');
    await expect(uploadLarge(upload)).rejects.toMatchObject({ name: 'FileFailure', code: 'changed' });
    expect(account.relay.passed.some(isPart)).toBe(false);
  });
});

describe('what cannot be', () => {
  it('is a part that arrives damaged: the server refuses it, the session is closed', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(10 * MiB, 17));
    const store = new UploadStore();
    account.relay.mischief = (exchange) =>
      isPart(exchange)
        ? {
            body: (bytes) => {
              const other = Buffer.from(bytes);
              other.writeUInt8(other.readUInt8(0) ^ 1, 0);
              return other;
            },
          }
        : undefined;
    const upload = uploadOf(account, path, draftOf('file', 10 * MiB), { onStored: store.onStored });
    await expect(uploadLarge(upload)).rejects.toMatchObject({ reason: { problem: { code: 'hash-mismatch' } } });
    expect(store.only).toBeNull();
  });

  it('is an upload after it was cancelled: it keeps its session', async () => {
    const account = await openAccount();
    const path = write(account, 'file', randomBytes(40 * MiB, 18));
    const store = new UploadStore();
    const stop = new AbortController();
    account.relay.mischief = (exchange) => {
      if (isPart(exchange)) stop.abort();
      return undefined;
    };
    const upload = uploadOf(account, path, draftOf('file', 40 * MiB), {
      onStored: store.onStored,
      signal: stop.signal,
    });
    await expect(uploadLarge(upload)).rejects.toMatchObject({ reason: { kind: 'cancelled' } });
    expect(store.only?.chunks.length).toBeGreaterThan(0);
  });
});
