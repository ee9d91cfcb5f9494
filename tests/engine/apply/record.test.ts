import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { moved, recordLocalMetadata } from '../../../main/engine/apply/record.ts';
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

it('knows what a file holds that was moved and is otherwise as it was', () => {
  expect(moved(local, { ...stat, links: 2 }).contentId).toBe(local.contentId);
});

it('does not take a file that was written to while it was moved for what it held before', () => {
  expect(moved(local, { ...stat, size: 12, mtimeNs: 6n }).contentId).toBeNull();
});

it('does not trust what it knew of a file whose time it has just set: a write right before would not show', () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-record-'));
  const state = new State(openState(folder));
  onTestFinished(() => {
    state.close();
    rmSync(folder, { recursive: true });
  });
  state.local.put(local);
  recordLocalMetadata(state, local, { ...stat, mtimeNs: 7n });
  expect(state.local.get(local.id)).toMatchObject({ stat: { mtimeNs: 7n }, contentId: null });
});
