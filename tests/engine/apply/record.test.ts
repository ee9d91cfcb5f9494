import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { moved, recordDownload, recordInstant, recordLocalMetadata } from '../../../main/engine/apply/record.ts';
import type { LocalNode } from '../../../main/engine/model.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { ContentId, NodeId } from '../../../shared/ids.ts';

const stat = {
  kind: 'file',
  size: 10,
  mtimeNs: 5n,
  ino: 1n,
  dev: 1n,
  birthNs: 2n,
  changeNs: 0n,
  links: 1,
  executable: false,
} as const;

const local: LocalNode = {
  id: NodeId.parse('00000000-0000-7000-8000-000000000001'),
  kind: 'file',
  parentId: null,
  name: 'a',
  diskName: 'a',
  stat,
  contentId: ContentId.parse('f'.repeat(64)),
  missingSince: null,
};

it('knows what a file holds that was moved and is otherwise as it was: that changed its inode and nothing in it', () => {
  const before = { ...local, stat: { ...stat, changeNs: 5n } };
  expect(moved(before, { ...stat, changeNs: 6n }).contentId).toBe(local.contentId);
});

it('does not take a file that was written to while it was moved for what it held before', () => {
  expect(moved(local, { ...stat, size: 12, mtimeNs: 6n }).contentId).toBeNull();
});

function emptyState(): State {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-record-'));
  const state = new State(openState(folder));
  onTestFinished(() => {
    state.close();
    rmSync(folder, { recursive: true });
  });
  return state;
}

it('does not trust what it knew of a file whose time it has just set: a write right before would not show', () => {
  const state = emptyState();
  state.local.put(local);
  recordLocalMetadata(state, local, { ...stat, mtimeNs: 7n });
  expect(state.local.get(local.id)).toMatchObject({ stat: { mtimeNs: 7n }, contentId: null });
});

it('agrees no more on what was deleted there and moved into a folder that turns out to be one of the server’s', () => {
  const state = emptyState();
  const [anew, folder] = [
    NodeId.parse('00000000-0000-7000-8000-00000000000a'),
    NodeId.parse('00000000-0000-7000-8000-00000000000b'),
  ];
  const row = { ...local, kind: 'folder', name: 'photos', diskName: 'photos', contentId: null } as const;
  state.local.put({ ...row, id: anew });
  state.local.put({ ...local, parentId: anew });
  const { id, kind, name, contentId } = local;
  const rest = { contentId, size: 10, mtimeMs: 0, executable: false, contentRev: 1, placeRev: 1 };
  state.synced.put({ id, kind, name, parentId: folder, ...rest });
  recordInstant(state, { kind: 'rekey', id: anew, as: folder });
  expect(state.local.get(id)).toMatchObject({ parentId: folder });
  expect(state.synced.get(id)).toBeUndefined();
});

it('agrees on a download that ends when the server has a newer version', () => {
  const state = emptyState();
  const { id, kind, name } = local;
  const [old, newer] = [ContentId.parse('a'.repeat(64)), ContentId.parse('b'.repeat(64))];
  const shared = { id, kind, parentId: null, name, size: 10, mtimeMs: 0, executable: false } as const;
  const revs = { contentRev: 9, placeRev: 1, metaRev: 1, seq: 9 };
  state.remote.put({ ...shared, contentId: newer, state: 'live', ...revs, confirmed: false });
  const content = { contentId: old, contentRev: 5, size: 10, mtimeMs: 7, executable: false, serverExecutable: false };
  recordDownload(state, { kind: 'download', id, ...content, place: { parentId: null, name }, replaces: null }, stat);
  expect(state.synced.get(id)).toMatchObject({ contentId: old, contentRev: 5, placeRev: 1, mtimeMs: 7 });
});
