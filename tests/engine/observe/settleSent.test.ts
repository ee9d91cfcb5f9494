import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreed } from '../../../main/engine/apply/record.ts';
import type { RemoteNode } from '../../../main/engine/model.ts';
import { settleSent } from '../../../main/engine/observe/settleSent.ts';
import { openState } from '../../../main/engine/store/database.ts';
import { State } from '../../../main/engine/store/state.ts';
import { ContentId, NodeId } from '../../../shared/ids.ts';

const id = NodeId.parse('01a1f8cc-58ae-7000-8000-000000000001');
const content = (digit: string): ContentId => ContentId.parse(digit.repeat(64));
const TOP = { parentId: null, name: 'a.txt' };

const row = (over: Partial<RemoteNode> = {}): RemoteNode => ({
  id,
  kind: 'file',
  ...TOP,
  state: 'live',
  contentId: content('a'),
  size: 5,
  mtimeMs: 1_000,
  executable: false,
  contentRev: 1,
  placeRev: 1,
  metaRev: 1,
  seq: 1,
  confirmed: false,
  ...over,
});

const sentContent = (digit: string, creates: boolean) =>
  ({
    aspect: 'content',
    creates: creates ? TOP : null,
    contentId: content(digit),
    size: 5,
    mtimeMs: 1_000,
    executable: false,
  }) as const;

let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-rows-'));
  state = new State(openState(folder));
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

function takeRow(node: RemoteNode): void {
  state.remote.put(node);
  settleSent(state, node);
}

function restart(): void {
  state.close();
  state = new State(openState(folder));
}

describe('a row that shows what this device sent', () => {
  it('is what a new file was created as', () => {
    state.sent.add(id, sentContent('a', true));
    restart();
    takeRow(row());
    expect(state.synced.get(id)).toEqual(agreed(row()));
    expect(state.sent.of(id)).toEqual([]);
  });

  it('is what a new file was created as, although somebody has moved it since', () => {
    state.sent.add(id, sentContent('a', true));
    takeRow(row({ name: 'b.txt' }));
    expect(state.synced.get(id)).toMatchObject({ ...TOP, contentId: content('a'), size: 5 });
  });

  it('is the edit that arrived, of several that were sent', () => {
    state.synced.put(agreed(row({ contentId: content('0') })));
    state.sent.add(id, sentContent('a', false));
    state.sent.add(id, sentContent('b', false));
    takeRow(row());
    expect(state.synced.get(id)).toMatchObject({ contentId: content('a') });
  });

  it('is the place that a file was moved to, and leaves its content as it was agreed', () => {
    state.synced.put(agreed(row({ contentId: content('0') })));
    state.sent.add(id, { aspect: 'place', creates: false, place: { parentId: null, name: 'moved' } });
    takeRow(row({ name: 'moved', placeRev: 7 }));
    expect(state.synced.get(id)).toMatchObject({ name: 'moved', placeRev: 7, contentId: content('0') });
  });

  it('is the metadata that was set', () => {
    state.synced.put(agreed(row()));
    state.sent.add(id, { aspect: 'metadata', mtimeMs: null, executable: true });
    takeRow(row({ executable: true, mtimeMs: 2_000 }));
    expect(state.synced.get(id)).toMatchObject({ executable: true, mtimeMs: 1_000 });
  });
});

describe("somebody else's change", () => {
  it('is not agreed, although an edit was sent', () => {
    const before = agreed(row({ contentId: content('0') }));
    state.synced.put(before);
    state.sent.add(id, sentContent('a', false));
    takeRow(row({ contentId: content('b') }));
    expect(state.synced.get(id)).toEqual(before);
    expect(state.sent.of(id)).toHaveLength(1);
  });

  it('is not agreed where nothing is, although an edit was sent', () => {
    state.sent.add(id, sentContent('a', false));
    takeRow(row());
    expect(state.synced.get(id)).toBeUndefined();
  });

  it('is not taken for a new file that was sent: after a restore of the server others give it the same id', () => {
    state.sent.add(id, sentContent('a', true));
    takeRow(row({ contentId: content('c') }));
    expect(state.synced.get(id)).toBeUndefined();
  });
});

it('is forgotten when a transaction that stored it fails', () => {
  const failing = (): void =>
    state.transaction(() => {
      state.sent.add(id, sentContent('a', true));
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect(state.sent.of(id)).toEqual([]);
});
