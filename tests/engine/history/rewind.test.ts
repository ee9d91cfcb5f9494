import { beforeEach, describe, expect, test } from 'vitest';
import { deletedAgain, rewound, type SharedPast } from '../../../main/engine/history/rewind.ts';
import type { RemoteNode, SyncedNode } from '../../../main/engine/model.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { contentNumber } from '../plan/world.ts';

const ID = '00000000-0000-7000-8000-000000000001' as NodeId;
const [OLD, LOST, NEW] = [contentNumber(1), contentNumber(2), contentNumber(3)];
/** Both histories are the same up to here. */
const BASE = 100;

const past = (over: Partial<SharedPast> = {}): SharedPast => ({
  baseSeq: BASE,
  hadContent: () => false,
  hadPlace: () => false,
  ...over,
});

/** As agreed in the history that was lost: content and place newer than the base. */
const synced = (over: Partial<SyncedNode> = {}): SyncedNode => ({
  id: ID,
  parentId: null,
  name: 'a.txt',
  kind: 'file',
  contentId: LOST,
  size: 20,
  mtimeMs: 2_000,
  executable: true,
  contentRev: 120,
  placeRev: 120,
  ...over,
});

/** As the server that went back has it: everything older than the base. */
const remote = (over: Partial<RemoteNode> = {}): RemoteNode => ({
  id: ID,
  parentId: null,
  name: 'a.txt',
  kind: 'file',
  state: 'live',
  contentId: OLD,
  size: 10,
  mtimeMs: 1_000,
  executable: false,
  contentRev: 50,
  placeRev: 50,
  metaRev: 50,
  seq: 50,
  ...over,
});

describe('content agreed on since', () => {
  test('looks edited here where the server has an older one', () => {
    const agreed = rewound(synced(), remote(), past());
    expect(agreed).toMatchObject({ contentId: OLD, contentRev: 50, mtimeMs: 1_000, executable: false });
  });

  test('looks edited on both sides where the server has another one since', () => {
    const agreed = rewound(synced(), remote({ contentId: NEW, contentRev: 103, metaRev: 103 }), past());
    expect([LOST, NEW]).not.toContain(agreed?.contentId);
    expect(agreed?.contentRev).toBe(0);
  });

  test('stays agreed where somebody has brought it back already, whatever its number is now', () => {
    const agreed = rewound(synced(), remote({ contentId: LOST, contentRev: 120 }), past());
    expect(agreed).toMatchObject({ contentId: LOST, contentRev: 120 });
  });

  test('looks edited here where somebody has brought back one that this device had agreed on before', () => {
    const earlier = past({ hadContent: (id, content) => id === ID && content === NEW });
    const agreed = rewound(synced(), remote({ contentId: NEW, contentRev: 103 }), earlier);
    expect(agreed).toMatchObject({ contentId: NEW, contentRev: 103 });
  });
});

test('content agreed on before the histories part is left to the usual rules', () => {
  const before = synced({ contentId: OLD, contentRev: 50, placeRev: 50 });
  expect(rewound(before, remote({ contentId: NEW, contentRev: 103 }), past())?.contentId).toBe(OLD);
  expect(rewound(before, remote({ contentId: NEW, contentRev: 90 }), past())).toMatchObject({ mtimeMs: 2_000 });
});

describe('a place agreed on since', () => {
  const moved = synced({ contentId: OLD, contentRev: 50, name: 'b.txt' });

  test('looks moved here where the server has the old one', () => {
    expect(rewound(moved, remote(), past())).toMatchObject({ name: 'a.txt', placeRev: 50 });
  });

  test('looks moved on both sides where the server has another one since', () => {
    const agreed = rewound(moved, remote({ name: 'c.txt', placeRev: 103 }), past());
    expect(agreed).toMatchObject({ name: 'b.txt', placeRev: 0 });
  });

  test('looks moved here where somebody has brought back one that this device had agreed on before', () => {
    const earlier = past({ hadPlace: (_id, { name }) => name === 'c.txt' });
    expect(rewound(moved, remote({ name: 'c.txt', placeRev: 103 }), earlier)).toMatchObject({ name: 'c.txt' });
  });
});

describe('a node that the server has not', () => {
  test('counts as new when it was agreed on since', () => {
    expect(rewound(synced(), undefined, past())).toBeUndefined();
  });

  test('counts as new when it had been brought back from the trash since', () => {
    const agreed = synced({ contentId: OLD, contentRev: 50 });
    expect(rewound(agreed, remote({ state: 'trashed', placeRev: 90 }), past())).toBeUndefined();
  });

  test('is deleted as usual when it was deleted there since and had not changed', () => {
    const before = synced({ contentId: OLD, contentRev: 50, placeRev: 50 });
    expect(rewound(before, remote({ state: 'trashed', placeRev: 103 }), past())).toMatchObject({ contentId: OLD });
    expect(rewound(before, undefined, past())).toEqual(before);
  });

  test('looks edited, or moved, when it was deleted there since by somebody who had not seen that', () => {
    const trashed = remote({ state: 'trashed', placeRev: 103 });
    expect(rewound(synced(), trashed, past())?.contentId).toBe(OLD);
    expect(rewound(synced({ contentId: OLD, name: 'b.txt' }), trashed, past())?.name).toBe('a.txt');
  });

  test('counts as new for a server that shares nothing, even if that has deleted it', () => {
    const nothing = past({ baseSeq: 0 });
    expect(rewound(synced({ contentRev: 0, placeRev: 0 }), undefined, nothing)).toBeUndefined();
    expect(rewound(synced(), remote({ state: 'trashed', contentId: LOST }), nothing)).toBeUndefined();
  });
});

describe('a delete agreed on since', () => {
  let deleted: SyncedNode;

  beforeEach(() => {
    deleted = synced({ contentRev: 50, placeRev: 130 });
  });

  test('is made again where the server has an older version', () => {
    expect(deletedAgain(deleted, remote(), past())).toMatchObject({ contentId: OLD, name: 'a.txt' });
  });

  test('is made again where somebody has brought back the very version that was deleted', () => {
    const back = remote({ contentId: LOST, contentRev: 103, placeRev: 103 });
    expect(deletedAgain(deleted, back, past())).toMatchObject({ contentId: LOST });
  });

  test('is not made again where the server has something that nobody had seen then', () => {
    expect(deletedAgain(deleted, remote({ contentId: NEW, contentRev: 103 }), past())).toBeUndefined();
    expect(deletedAgain(deleted, remote({ name: 'b.txt', placeRev: 103 }), past())).toBeUndefined();
  });

  test('is not made again where the server shares it, or has it deleted', () => {
    expect(deletedAgain({ ...deleted, placeRev: 90 }, remote(), past())).toBeUndefined();
    expect(deletedAgain(deleted, remote({ state: 'trashed' }), past())).toBeUndefined();
    expect(deletedAgain(deleted, undefined, past())).toBeUndefined();
  });

  test('is never made on a server that shares nothing', () => {
    expect(deletedAgain(deleted, remote(), past({ baseSeq: 0 }))).toBeUndefined();
  });
});
