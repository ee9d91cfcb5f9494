import { expect, it } from 'vitest';
import type { LocalNode, RemoteNode, SyncedNode } from '../../../main/engine/model.ts';
import { decideContent } from '../../../main/engine/plan/content.ts';
import { SMALL_FILE_BYTES } from '../../../shared/api/limits.ts';
import { ContentId, NodeId } from '../../../shared/ids.ts';

const size = SMALL_FILE_BYTES + 1;
const agreed = {
  id: NodeId.parse('00000000-0000-7000-8000-000000000001'),
  kind: 'file',
  parentId: null,
  name: 'a',
  contentId: ContentId.parse('f'.repeat(64)),
  size,
  mtimeMs: 5_000,
  executable: false,
  contentRev: 1,
  placeRev: 1,
} as const;
const remote: RemoteNode = { ...agreed, state: 'live', metaRev: 1, seq: 1 };
const synced: SyncedNode = agreed;

/** A large file of the agreed size that has not been read since its time changed. */
const unread = (mtimeNs: bigint): LocalNode => ({
  id: agreed.id,
  kind: 'file',
  parentId: null,
  name: 'a',
  diskName: 'a',
  stat: { kind: 'file', size, mtimeNs, ino: 1n, dev: 1n, birthNs: 1n, changeNs: 0n, links: 1, executable: false },
  contentId: null,
  missingSince: null,
});

it('sends a large file straight away that has a time of its own', () => {
  expect(decideContent(unread(6_000_000_000n), remote, synced)).toBe('upload');
});

it('reads a large file first that has the time the server has for it', () => {
  expect(decideContent(unread(5_000_000_000n), remote, synced)).toBe('hash');
});
