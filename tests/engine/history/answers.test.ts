import { expect, test } from 'vitest';
import { answersHold } from '../../../main/engine/history/answers.ts';
import type { RemoteNode } from '../../../main/engine/model.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { contentNumber } from '../plan/world.ts';

const ID = '00000000-0000-7000-8000-000000000001' as NodeId;

const node = (seq: number, content = 1): RemoteNode => ({
  id: ID,
  parentId: null,
  name: 'a.txt',
  kind: 'file',
  state: 'live',
  contentId: contentNumber(content),
  size: 1,
  mtimeMs: 1,
  executable: false,
  contentRev: seq,
  placeRev: 1,
  metaRev: seq,
  seq,
});

const [EARLIER, SAME_RUN, OTHER_RUN] = ['5.aaaaaaaa00000001', '20.aaaaaaaa00000002', '20.bbbbbbbb00000003'];

const holds = (answer: RemoteNode, shown: RemoteNode | undefined, after: string, before = EARLIER): boolean =>
  answersHold(new Map([[ID, answer]]), new Map(shown ? [[ID, shown]] : []), before, after);

test('an answer holds that the feed shows as it was given, also after a restart of the server', () => {
  expect(holds(node(8), node(8), SAME_RUN)).toBe(true);
  expect(holds(node(8), node(8), OTHER_RUN)).toBe(true);
});

test('an answer that the feed never showed was taken back', () => {
  expect(holds(node(8), undefined, SAME_RUN)).toBe(false);
  expect(holds(node(8), node(7), SAME_RUN)).toBe(false);
});

test('an answer whose number the feed gives to something else was taken back', () => {
  expect(holds(node(8), node(8, 2), OTHER_RUN)).toBe(false);
});

test('an answer that has been followed by another change holds if the same run of the server has gone on', () => {
  expect(holds(node(8), node(12, 2), SAME_RUN)).toBe(true);
  expect(holds(node(8), node(12, 2), OTHER_RUN)).toBe(false);
});

test('in the first moments of a history there is no run to compare with', () => {
  expect(holds(node(8), node(12, 2), OTHER_RUN, '0')).toBe(true);
});
