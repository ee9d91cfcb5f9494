import { beforeEach, expect, test } from 'vitest';
import type { NodeId } from '../../../shared/ids.ts';
import { expectWhole } from './agreement.ts';
import { Agenda } from './converge.ts';
import type { Hands } from './hands.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let hands: Hands;

beforeEach(() => {
  stage = new Stage();
  hands = stage.hands;
});

const top = (name: string) => ({ parentId: null, name });
const inside = (parentId: NodeId, name: string) => ({ parentId, name });

/** Plans all, lets something happen, plans what that may have touched; answers what was planned before and after. */
function replan(happens: () => void) {
  const agenda = new Agenda(stage.world);
  const before = agenda.planned;
  happens();
  agenda.update();
  expectWhole(agenda.planned, stage.world);
  const kinds = (planned: typeof before) => planned.map(({ operation }) => operation.kind).sort();
  return [kinds(before), kinds(agenda.planned)];
}

test('who yields to a folder that lives by what is inside is planned again when that goes', () => {
  const folder = stage.folder('f');
  const inner = hands.createRemote('file', inside(folder, 'new'));
  hands.deleteLocal(folder);
  hands.createLocal('file', top('f'));
  const plans = replan(() => inner && hands.deleteRemote(inner));
  expect(plans).toEqual([
    ['createLocalFolder', 'download', 'moveLocal'],
    ['forget', 'trashRemote', 'upload'],
  ]);
});

test('what goes with a deleted folder is deleted by itself once the folder lives', () => {
  const folder = stage.folder('f');
  stage.file('a', stage.folder('g', folder));
  stage.file('b', folder);
  hands.deleteLocal(folder);
  const plans = replan(() => hands.createRemote('file', inside(folder, 'new')));
  expect(plans).toEqual([['trashRemote'], ['createLocalFolder', 'download', 'trashRemote', 'trashRemote']]);
});

test('all that is in a folder deleted there is kept once the folder is moved here', () => {
  const folder = stage.folder('f');
  stage.file('a', stage.folder('g', folder));
  hands.deleteRemote(folder);
  const plans = replan(() => hands.moveLocal(folder, top('h')));
  expect(plans).toEqual([
    ['deleteLocal', 'deleteLocal', 'deleteLocal'],
    ['createRemoteFolder', 'forget', 'forget'],
  ]);
});

test('what was to go into a folder waits once the folder is gone', () => {
  const folder = stage.folder('f');
  const file = stage.file('a');
  hands.moveLocal(file, inside(folder, 'a'));
  hands.createLocal('file', inside(folder, 'b'));
  const plans = replan(() => hands.deleteRemote(folder));
  expect(plans).toEqual([
    ['moveRemote', 'upload'],
    ['createRemoteFolder', 'moveRemote', 'upload'],
  ]);
});

test('a chain of renames that becomes a ring is broken by its oldest member, however far that is from the change', () => {
  const [oldest, first, third, last] = ['2', '1', '3', '4'].map((name) => stage.file(name));
  if (!oldest || !first || !third || !last) throw new Error('no files');
  hands.moveRemote(last, top('5'));
  hands.moveRemote(third, top('4'));
  hands.moveRemote(oldest, top('3'));
  hands.moveRemote(first, top('2'));
  const plans = replan(() => hands.moveRemote(last, top('1')));
  expect(plans).toEqual([
    ['moveLocal', 'moveLocal', 'moveLocal', 'moveLocal'],
    ['moveLocal', 'moveLocal', 'moveLocal', 'parkLocal'],
  ]);
});

test('a ring that opens needs nobody to break it any more', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => stage.file(name));
  if (!a || !b || !c || !d) throw new Error('no files');
  for (const [one, two] of [
    [a, b],
    [b, c],
    [c, d],
  ] as const) {
    hands.swapRemote(one, two);
  }
  const plans = replan(() => hands.moveRemote(c, top('elsewhere')));
  expect(plans).toEqual([
    ['moveLocal', 'moveLocal', 'moveLocal', 'parkLocal'],
    ['moveLocal', 'moveLocal', 'moveLocal', 'moveLocal'],
  ]);
});

test('a folder far up that now closes a loop is planned again', () => {
  const [a, b] = [stage.folder('a'), stage.folder('b')];
  const deep = stage.folder('deep', stage.folder('mid', b));
  hands.moveLocal(a, inside(deep, 'a'));
  const plans = replan(() => hands.moveRemote(b, inside(a, 'b')));
  expect(plans).toEqual([['moveRemote'], ['moveLocal', 'moveLocal']]);
});
