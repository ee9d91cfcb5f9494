import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadPack, type PackDownloadItem } from '../../../main/engine/transfer/downloadPack.ts';
import { type PackItem, type PackResult, type SentItem, uploadPack } from '../../../main/engine/transfer/uploadPack.ts';
import { KiB } from '../../../shared/bytes.ts';
import { ContentId } from '../../../shared/ids.ts';
import { randomBytes } from '../../shared/randomBytes.ts';
import { type Account, draftOf, openAccount, statOf, write } from './account.ts';

function itemOf(account: Account, name: string, bytes: Uint8Array): PackItem {
  const path = write(account, name, bytes);
  return { path, draft: draftOf(name, bytes.length), expected: statOf(path) };
}

const METADATA = { mtimeMs: 1_763_633_828_123, executable: true } as const;

const uploadsOf = ({ relay }: Account) => relay.passed.filter(({ path }) => path.endsWith('/batch/upload'));
const downloadsOf = ({ relay }: Account) => relay.passed.filter(({ path }) => path.endsWith('/batch/download'));

/** What was uploaded, to be downloaded to files of other names. */
const wanted = (account: Account, results: readonly PackResult[]): PackDownloadItem[] =>
  results.map((result, i) => {
    if (!result.ok) throw result.failure;
    const { node, contentId } = result;
    return { nodeId: node.id, contentId, size: node.size, to: join(account.folder, `down-${i}`), ...METADATA };
  });

describe('a pack', () => {
  it('goes up and comes down in a request each, whatever the sizes', async () => {
    const account = await openAccount();
    const contents = [0, 1, 100, 64 * KiB - 1, 64 * KiB, 64 * KiB + 1, 256 * KiB].map((size) =>
      randomBytes(size, size),
    );
    const items = contents.map((bytes, i) => itemOf(account, `up-${i}`, bytes));
    const uploaded = await uploadPack({ ...account, onSending: () => undefined, items });
    expect(uploaded).toMatchObject(
      items.map(({ expected, draft }) => ({ ok: true, stat: expected, node: { name: draft.name } })),
    );

    const files = wanted(account, uploaded);
    expect(await downloadPack({ ...account, items: files })).toEqual(files.map(() => ({ ok: true })));
    for (const [i, { to }] of files.entries()) expect(contents[i]?.equals(readFileSync(to))).toBe(true);
    for (const { to } of files) {
      expect([Math.floor(statSync(to).mtimeMs), statSync(to).mode & 0o100]).toEqual([METADATA.mtimeMs, 0o100]);
    }
    expect([uploadsOf(account).length, downloadsOf(account).length]).toEqual([1, 1]);
  });

  it('is split where it holds too many files', async () => {
    const account = await openAccount();
    const items = Array.from({ length: 300 }, (_, i) => itemOf(account, `${i}`, Buffer.from(`${i}`)));
    const uploaded = await uploadPack({ ...account, onSending: () => undefined, items });
    expect(uploaded.every(({ ok }) => ok)).toBe(true);
    const files = wanted(account, uploaded);
    await downloadPack({ ...account, items: files });
    for (const [i, { to }] of files.entries()) expect(readFileSync(to, 'utf8')).toBe(`${i}`);
    expect([uploadsOf(account).length, downloadsOf(account).length]).toEqual([2, 2]);
  });

  it('is split where it holds too many bytes', async () => {
    const account = await openAccount();
    const items = Array.from({ length: 40 }, (_, i) => itemOf(account, `${i}`, randomBytes(250 * KiB, i)));
    expect((await uploadPack({ ...account, onSending: () => undefined, items })).every(({ ok }) => ok)).toBe(true);
    expect(uploadsOf(account)).toHaveLength(2);
  });

  it('says for each file what is wrong with it, and uploads its neighbours', async () => {
    const account = await openAccount();
    const good = itemOf(account, 'good', Buffer.from('good'));
    const changed = itemOf(account, 'changed', Buffer.from('before'));
    appendFileSync(changed.path, 'after');
    const missing = itemOf(account, 'missing', Buffer.from('missing'));
    rmSync(missing.path);
    const taken = itemOf(account, 'other', Buffer.from('other'));
    const second = itemOf(account, 'second', Buffer.from('second'));
    const items = [changed, good, missing, { ...taken, draft: { ...taken.draft, name: 'good' } }, second];
    expect(await uploadPack({ ...account, onSending: () => undefined, items })).toMatchObject([
      { ok: false, failure: { name: 'FileFailure', code: 'changed' } },
      { ok: true, node: { name: 'good' } },
      { ok: false, failure: { name: 'FileFailure', code: 'missing' } },
      { ok: false, failure: { name: 'ServerFailure', reason: { problem: { code: 'name-taken' } } } },
      { ok: true, node: { name: 'second' } },
    ]);
  });

  it('tells what it is about to send before the server can have it, and of nothing else', async () => {
    const account = await openAccount();
    const good = itemOf(account, 'good', Buffer.from('good'));
    const changed = itemOf(account, 'changed', Buffer.from('before'));
    appendFileSync(changed.path, 'after');
    const told: (readonly SentItem[])[] = [];
    const onSending = (files: readonly SentItem[]): void => {
      expect(uploadsOf(account)).toHaveLength(0);
      told.push(files);
    };
    const [, uploaded] = await uploadPack({ ...account, onSending, items: [changed, good] });
    expect(uploaded).toMatchObject({ ok: true, contentId: told[0]?.[0]?.contentId });
    expect(told).toMatchObject([[{ item: good }]]);
  });

  it('may be sent again after its answer was lost', async () => {
    const account = await openAccount();
    const items = [itemOf(account, 'file', Buffer.from('content'))];
    account.relay.mischief = ({ path }) => (path.endsWith('/batch/upload') ? { cutReplyAfter: 0 } : undefined);
    expect(await uploadPack({ ...account, onSending: () => undefined, items })).toMatchObject([
      { ok: false, failure: { reason: { kind: 'offline' } } },
    ]);
    account.relay.mischief = () => undefined;
    expect(await uploadPack({ ...account, onSending: () => undefined, items })).toMatchObject([
      { ok: true, node: { name: 'file', state: 'live' } },
    ]);
    expect((await account.api.changes('0')).nodes).toHaveLength(1);
  });
});

describe('a downloaded pack', () => {
  async function twoFiles(account: Account): Promise<PackDownloadItem[]> {
    const items = [1, 2].map((seed) => itemOf(account, `up-${seed}`, randomBytes(100 * KiB, seed)));
    return wanted(account, await uploadPack({ ...account, onSending: () => undefined, items }));
  }

  it('keeps no file whose bytes are not what was asked for', async () => {
    const account = await openAccount();
    const items = await twoFiles(account);
    account.relay.mischief = ({ path }) =>
      path.endsWith('/batch/download')
        ? { reply: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]) }
        : undefined;
    const results = await downloadPack({ ...account, items });
    expect(results.at(-1)).toMatchObject({ ok: false, failure: { reason: { kind: 'damaged' } } });
    expect(() => statSync(items.at(-1)?.to ?? '')).toThrow('ENOENT');
  });

  it('keeps the files that came before the connection broke', async () => {
    const account = await openAccount();
    const items = await twoFiles(account);
    account.relay.mischief = ({ path }) =>
      path.endsWith('/batch/download') ? { cutReplyAfter: 150 * KiB } : undefined;
    const results = await downloadPack({ ...account, items });
    expect(results).toMatchObject([{ ok: true }, { ok: false, failure: { reason: { kind: 'offline' } } }]);
    expect(statSync(items[0]?.to ?? '').size).toBe(100 * KiB);
  });

  it('says which version the server does not have', async () => {
    const account = await openAccount();
    const [first, second] = await twoFiles(account);
    if (!first || !second) throw new Error('two files were uploaded');
    const unknown = { ...first, contentId: ContentId.parse('0'.repeat(64)) };
    expect(await downloadPack({ ...account, items: [unknown, second] })).toMatchObject([
      { ok: false, failure: { reason: { kind: 'problem', problem: { code: 'not-found' } } } },
      { ok: true },
    ]);
  });

  it('replaces what an earlier try left, with the mode of a new file', async () => {
    const account = await openAccount();
    const items = (await twoFiles(account)).map((item) => ({ ...item, executable: false }));
    for (const { to } of items) writeFileSync(to, 'half a file', { mode: 0o600 });
    await downloadPack({ ...account, items });
    for (const { to, size } of items) expect(statSync(to)).toMatchObject({ size, mode: 0o100666 & ~process.umask() });
  });

  it('says which file could not be written, and writes the others', async () => {
    const account = await openAccount();
    const [first, second] = await twoFiles(account);
    if (!first || !second) throw new Error('two files were uploaded');
    const items = [{ ...first, to: join(account.folder, 'nowhere', 'file') }, second];
    expect(await downloadPack({ ...account, items })).toMatchObject([
      { ok: false, failure: { name: 'FileFailure', code: 'missing' } },
      { ok: true },
    ]);
  });
});
