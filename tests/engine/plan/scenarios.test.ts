import { beforeEach, describe, expect, test } from 'vitest';
import { PARKED } from '../../../main/engine/model.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { expectAgreement } from './agreement.ts';
import { converge, wholePlan } from './converge.ts';
import type { Hands } from './hands.ts';
import { kindsOf, Stage } from './stage.ts';

let stage: Stage;
let hands: Hands;

beforeEach(() => {
  stage = new Stage();
  hands = stage.hands;
});

const top = (name: string) => ({ parentId: null, name });
const inside = (parentId: NodeId | undefined, name: string) => ({ parentId: parentId ?? null, name });

describe('edited here, edited there', () => {
  test('to the same content: adopted without transfer or conflict', () => {
    const id = stage.file('a.txt');
    const content = hands.newContent();
    hands.editLocal(id, content);
    hands.editRemote(id, content);
    expect(kindsOf(stage.settle())).toEqual(['setLocalMetadata', 'agree']);
    expect(stage.tree).toEqual({ 'a.txt': content });
  });

  test('to the same content, not hashed yet: it is hashed first', () => {
    const id = stage.file('a.txt');
    const content = hands.newContent();
    hands.editLocal(id, content, false);
    hands.editRemote(id, content);
    expect(kindsOf(stage.settle())).toEqual(['hash', 'setLocalMetadata', 'agree']);
  });

  test('differently: the server keeps the name, the local version is uploaded as a conflict copy', () => {
    const id = stage.file('a.txt');
    hands.editLocal(id);
    hands.editRemote(id);
    const [here, there] = [stage.contentOf(id), stage.world.liveRemote(id)?.contentId];
    stage.settle();
    expect(stage.tree).toEqual({ 'a (conflicted copy, Studio 2026-11-20 1404).txt': here, 'a.txt': there });
    expect(stage.pathOf(id)).toBe('a.txt');
  });

  test('differently, and renamed here: the rename holds for both versions', () => {
    const id = stage.file('a.txt');
    hands.editLocal(id);
    hands.moveLocal(id, top('b.txt'));
    hands.editRemote(id);
    stage.settle();
    expect(stage.paths).toEqual(['b (conflicted copy, Studio 2026-11-20 1404).txt', 'b.txt']);
    expect(stage.pathOf(id)).toBe('b.txt');
  });
});

describe('created here, created there under one name', () => {
  test('folders merge', () => {
    const here = hands.createLocal('folder', top('photos'));
    const there = hands.createRemote('folder', top('photos'));
    hands.createLocal('file', inside(here, 'mine.jpg'));
    hands.createRemote('file', inside(there, 'theirs.jpg'));
    stage.settle();
    expect(stage.paths).toEqual(['photos', 'photos/mine.jpg', 'photos/theirs.jpg']);
  });

  test('folders in folders merge all the way down', () => {
    const [here, there] = [hands.createLocal('folder', top('a')), hands.createRemote('folder', top('a'))];
    hands.createLocal('folder', inside(here, 'b'));
    hands.createRemote('folder', inside(there, 'b'));
    expect(kindsOf(stage.settle())).toEqual(['rekey', 'agree']);
    expect(stage.paths).toEqual(['a', 'a/b']);
  });

  test.each([true, false])('equal files are one file (hashed: %s)', (hashed) => {
    const content = hands.newContent();
    hands.createLocal('file', top('a.txt'), content, hashed);
    const there = hands.createRemote('file', top('a.txt'), content);
    expect(kindsOf(stage.settle())).not.toContain('upload');
    expect(stage.tree).toEqual({ 'a.txt': content });
    expect(stage.world.remote.holders(null, 'a.txt')[0]?.id).toBe(there);
  });

  test('different files: the server keeps the name, the local one becomes a conflict copy', () => {
    const [mine, theirs] = [hands.newContent(), hands.newContent()];
    hands.createLocal('file', top('a.txt'), mine);
    hands.createRemote('file', top('a.txt'), theirs);
    stage.settle();
    expect(stage.tree).toEqual({ 'a (conflicted copy, Studio 2026-11-20 1403).txt': mine, 'a.txt': theirs });
  });

  test('a file and a folder: the server keeps the name', () => {
    hands.createLocal('file', top('a'));
    hands.createRemote('folder', top('a'));
    stage.settle();
    expect(stage.tree.a).toBe('folder');
    expect(stage.paths).toEqual(['a', 'a (conflicted copy, Studio 2026-11-20 1403)']);
  });
});

describe('two nodes, one name: the server’s holder keeps it', () => {
  test('created there, renamed to it here', () => {
    const id = stage.file('old.txt');
    hands.moveLocal(id, top('new.txt'));
    const there = hands.createRemote('file', top('new.txt'));
    stage.settle();
    expect(stage.paths).toEqual(['new (conflicted copy, Studio 2026-11-20 1403).txt', 'new.txt']);
    expect(there && stage.pathOf(there)).toBe('new.txt');
  });

  test('moved there to it, created here', () => {
    const folder = stage.folder('f');
    const id = stage.file('a.txt');
    hands.createLocal('file', inside(folder, 'a.txt'));
    hands.moveRemote(id, inside(folder, 'a.txt'));
    stage.settle();
    expect(stage.paths).toEqual(['f', 'f/a (conflicted copy, Studio 2026-11-20 1405).txt', 'f/a.txt']);
    expect(stage.pathOf(id)).toBe('f/a.txt');
  });

  test('two renamed to it', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.moveLocal(a, top('c'));
    hands.moveRemote(b, top('c'));
    stage.settle();
    expect(stage.pathOf(b)).toBe('c');
    expect(stage.pathOf(a)).toBe('c (conflicted copy, Studio 2026-11-20 1403)');
  });

  test('a holder that leaves makes room instead', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.moveLocal(a, top('c'));
    hands.moveLocal(b, top('a'));
    stage.settle();
    expect([stage.pathOf(a), stage.pathOf(b)]).toEqual(['c', 'a']);
  });

  test('a place made of both sides’ halves is taken at the same time as one is made there: one of them waits', () => {
    const folder = stage.folder('f');
    const id = stage.file('a');
    hands.editLocal(stage.file('b'));
    hands.moveRemote(id, inside(folder, 'a'));
    hands.moveLocal(id, top('c'));
    const events = [() => hands.createRemote('file', inside(folder, 'C'))];
    // First the edit alone; then what wants the name, one after the other.
    const choices = [0, 1, 1, 0, 0];
    converge(stage.world, { choose: () => choices.shift() ?? 0, batch: 2, meanwhile: () => events.pop()?.() });
    expectAgreement(stage.world);
    expect(stage.paths).toEqual(['b', 'f', 'f/C', 'f/a']);
  });

  test('a place made of both sides’ halves is given up for the server’s when it is taken', () => {
    const folder = stage.folder('f');
    const id = stage.file('a');
    stage.file('b', folder);
    hands.moveLocal(id, top('b'));
    hands.moveRemote(id, inside(folder, 'a'));
    stage.settle();
    expect(stage.paths).toEqual(['f', 'f/a', 'f/b']);
  });
});

describe('edited on one side, deleted on the other: the edit wins', () => {
  test('edited here', () => {
    const id = stage.file('a.txt');
    hands.editLocal(id);
    hands.deleteRemote(id);
    expect(kindsOf(stage.settle())).toEqual(['upload']);
    expect(stage.pathOf(id)).toBe('a.txt');
  });

  test('edited there', () => {
    const id = stage.file('a.txt');
    hands.deleteLocal(id);
    hands.editRemote(id);
    expect(kindsOf(stage.settle())).toEqual(['download']);
    expect(stage.pathOf(id)).toBe('a.txt');
  });

  test('a touched file that was deleted there is hashed before it goes', () => {
    const id = stage.file('a.txt');
    hands.touchLocal(id, true, false);
    hands.deleteRemote(id);
    expect(kindsOf(stage.settle())).toEqual(['hash', 'deleteLocal', 'forget']);
  });

  test('a confirmed delete says so', () => {
    const id = stage.file('a.txt');
    hands.deleteRemote(id, true);
    expect(stage.settle()[0]).toMatchObject({ kind: 'deleteLocal', confirmed: true });
  });
});

describe('moved on both sides', () => {
  test('elsewhere: the server’s place wins', () => {
    const [f, g] = [stage.folder('f'), stage.folder('g')];
    const id = stage.file('a');
    hands.moveLocal(id, inside(f, 'a'));
    hands.moveRemote(id, inside(g, 'a'));
    stage.settle();
    expect(stage.pathOf(id)).toBe('g/a');
  });

  test('moved there, renamed here: both', () => {
    const f = stage.folder('f');
    const id = stage.file('a');
    hands.moveLocal(id, top('b'));
    hands.moveRemote(id, inside(f, 'a'));
    stage.settle();
    expect(stage.pathOf(id)).toBe('f/b');
  });

  test('renamed there, moved here: both', () => {
    const f = stage.folder('f');
    const id = stage.file('a');
    hands.moveRemote(id, top('b'));
    hands.moveLocal(id, inside(f, 'a'));
    stage.settle();
    expect(stage.pathOf(id)).toBe('f/b');
  });
});

describe('moved on one side, deleted on the other: the moved one lives', () => {
  test('moved here', () => {
    const id = stage.file('a');
    hands.moveLocal(id, top('b'));
    hands.deleteRemote(id);
    stage.settle();
    expect(stage.pathOf(id)).toBe('b');
  });

  test('moved there', () => {
    const id = stage.file('a');
    hands.deleteLocal(id);
    hands.moveRemote(id, top('b'));
    stage.settle();
    expect(stage.pathOf(id)).toBe('b');
  });

  test('A becomes B here where B was deleted, B becomes A there where A was deleted: both live', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.deleteLocal(b);
    hands.moveLocal(a, top('b'));
    hands.deleteRemote(a);
    hands.moveRemote(b, top('a'));
    stage.settle();
    expect([stage.pathOf(a), stage.pathOf(b)]).toEqual(['b', 'a']);
  });

  test.each(['here', 'there'])('a folder renamed %s keeps all that is in it', (where) => {
    const folder = stage.folder('photos');
    stage.file('a.jpg', stage.folder('2026', folder));
    const [renamed, deleted] = where === 'here' ? (['local', 'remote'] as const) : (['remote', 'local'] as const);
    hands.on(renamed).move(folder, top('pictures'));
    hands.on(deleted).remove(folder);
    stage.settle();
    expect(stage.paths).toEqual(['pictures', 'pictures/2026', 'pictures/2026/a.jpg']);
  });

  test('a folder renamed there and made anew under that name here are one, with all that is in it', () => {
    const folder = stage.folder('photos');
    const id = stage.file('a.jpg', folder);
    hands.deleteLocal(folder);
    hands.moveRemote(folder, top('pictures'));
    hands.createLocal('file', inside(hands.createLocal('folder', top('pictures')), 'b.jpg'));
    stage.settle();
    expect(stage.paths).toEqual(['pictures', 'pictures/a.jpg', 'pictures/b.jpg']);
    expect(stage.pathOf(id)).toBe('pictures/a.jpg');
  });

  test.each(['a', 'another'])(
    'a file moved here into a folder made anew, which is the one where %s was added',
    (name) => {
      const folder = stage.folder('photos');
      const id = stage.file('a', folder);
      hands.deleteRemote(id);
      hands.createRemote('file', inside(folder, name));
      hands.moveLocal(id, top('aside'));
      hands.deleteLocal(folder);
      hands.moveLocal(id, inside(hands.createLocal('folder', top('photos')), 'a'));
      stage.settle();
      expect(stage.pathOf(id)).toMatch(/^photos\/a/);
      expect(stage.paths).toHaveLength(3);
    },
  );

  test('a folder moved here into a folder made anew, which is the one it was deleted from, keeps all that is in it', () => {
    const folder = stage.folder('photos');
    const year = stage.folder('2026', folder);
    const id = stage.file('a', year);
    hands.deleteRemote(year);
    hands.createRemote('file', inside(folder, 'b'));
    hands.moveLocal(year, top('aside'));
    hands.deleteLocal(folder);
    hands.moveLocal(year, inside(hands.createLocal('folder', top('photos')), '2026'));
    stage.settle();
    expect(stage.paths).toEqual(['photos', 'photos/2026', 'photos/2026/a', 'photos/b']);
    expect(stage.pathOf(id)).toBe('photos/2026/a');
  });

  test('a folder that takes the name of a file that moves into it keeps what was in it', () => {
    const [folder, file] = [stage.folder('f'), stage.file('b')];
    stage.file('a', folder);
    hands.deleteRemote(folder);
    hands.moveLocal(file, inside(folder, 'b'));
    hands.moveLocal(folder, top('b'));
    stage.settle();
    expect(stage.paths).toEqual(['b', 'b/a', 'b/b']);
  });

  test('what left a folder that was then deleted lives', () => {
    const folder = stage.folder('f');
    const id = stage.file('a', folder);
    hands.moveLocal(id, top('a'));
    hands.deleteLocal(folder);
    expect(kindsOf(stage.settle())).toEqual(['moveRemote', 'trashRemote', 'forget']);
    expect(stage.paths).toEqual(['a']);
  });
});

describe('edited on one side, moved on the other: both happen', () => {
  test.each(['here', 'there'])('edited %s', (where) => {
    const folder = stage.folder('f');
    const id = stage.file('a');
    const content = hands.newContent();
    const [edited, moved] = where === 'here' ? (['local', 'remote'] as const) : (['remote', 'local'] as const);
    hands.on(edited).edit(id, content, true);
    hands.on(moved).move(id, inside(folder, 'b'));
    stage.settle();
    expect(stage.tree).toEqual({ f: 'folder', 'f/b': content });
    expect(stage.pathOf(id)).toBe('f/b');
  });

  test('moved and edited on one side', () => {
    const id = stage.file('a');
    const content = hands.newContent();
    hands.moveLocal(id, top('b'));
    hands.editLocal(id, content);
    stage.settle();
    expect(stage.tree).toEqual({ b: content });
  });
});

describe('a folder deleted on one side', () => {
  test('with something new inside there: it lives, only unchanged children go', () => {
    const folder = stage.folder('f');
    stage.file('old', folder);
    hands.createRemote('file', inside(folder, 'new'));
    hands.deleteLocal(folder);
    stage.settle();
    expect(stage.paths).toEqual(['f', 'f/new']);
  });

  test('with something edited deep inside here: it lives, only unchanged children go', () => {
    const folder = stage.folder('f');
    const edited = stage.file('edited', stage.folder('g', folder));
    stage.file('old', folder);
    hands.editLocal(edited);
    hands.deleteRemote(folder);
    stage.settle();
    expect(stage.paths).toEqual(['f', 'f/g', 'f/g/edited']);
    expect(stage.pathOf(edited)).toBe('f/g/edited');
  });

  test('with something moved into it there: it lives with that', () => {
    const folder = stage.folder('f');
    const id = stage.file('a');
    hands.moveRemote(id, inside(folder, 'a'));
    hands.deleteLocal(folder);
    stage.settle();
    expect(stage.paths).toEqual(['f', 'f/a']);
  });

  test('that lives on beside another of its name does not bring back what was deleted in it', () => {
    const folder = stage.folder('f');
    stage.file('old', folder);
    hands.deleteRemote(folder);
    hands.createRemote('file', top('f'));
    hands.createLocal('file', inside(folder, 'new'));
    stage.settle();
    const copy = 'f (conflicted copy, Studio 2026-11-20 1403)';
    expect(stage.paths).toEqual(['f', copy, `${copy}/new`]);
  });
});

describe('opposing folder moves', () => {
  test('that would form a loop: the server’s wins, the local one is moved back', () => {
    const [a, b] = [stage.folder('a'), stage.folder('b')];
    hands.moveLocal(a, inside(b, 'a'));
    hands.moveRemote(b, inside(a, 'b'));
    stage.settle();
    expect(stage.paths).toEqual(['a', 'a/b']);
  });

  test('over three folders: the loop opens, the server’s move and what was moved in below stand', () => {
    const [a, b, c] = [stage.folder('a'), stage.folder('b'), stage.folder('c')];
    const id = stage.file('x');
    hands.moveLocal(a, inside(b, 'a'));
    hands.moveLocal(b, inside(c, 'b'));
    hands.moveRemote(c, inside(a, 'c'));
    hands.moveLocal(id, inside(a, 'x'));
    stage.settle();
    expect([c, id].map((node) => stage.world.liveRemote(node)?.parentId)).toEqual([a, a]);
  });

  test('a loop that opens into another one opens again', () => {
    const [d, c1] = [stage.folder('d'), stage.folder('c1')];
    const c = stage.folder('c', d);
    hands.moveLocal(c, inside(c1, 'c'));
    hands.moveLocal(d, inside(c1, 'd'));
    hands.moveRemote(c1, inside(c, 'c1'));
    stage.settle();
    expect(stage.world.liveRemote(c1)?.parentId).toBe(c);
  });

  test.each(['here', 'there'])('three folders turned inside out that pass their names on, %s', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const [a, b] = [stage.folder('a'), stage.folder('b')];
    const c = stage.folder('a', b);
    side.move(c, top('moving'));
    side.move(a, inside(c, 'a'));
    side.move(b, inside(a, 'b'));
    side.move(c, top('b'));
    stage.settle();
    expect([a, b, c].map((id) => stage.pathOf(id))).toEqual(['b/a', 'b/a/b', 'b']);
  });

  test('moves that are ready at once are safe in any order', () => {
    const [f, q] = [stage.folder('f'), stage.folder('q')];
    const p = stage.folder('p', q);
    hands.moveRemote(p, top('p'));
    hands.moveRemote(f, inside(p, 'f'));
    hands.moveRemote(q, inside(f, 'q'));
    const ready = wholePlan(stage.world).filter(({ after }) => after.length === 0);
    for (const { operation } of [...ready].sort((x, y) => (x.operation.id < y.operation.id ? 1 : -1))) {
      stage.world.apply(operation);
    }
    stage.settle();
    expect(stage.paths).toEqual(['p', 'p/f', 'p/f/q']);
  });

  test.each(['here', 'there'])('an inverted hierarchy %s is no loop', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const a = stage.folder('a');
    const b = stage.folder('b', a);
    const deep = stage.file('x', b);
    side.move(b, top('b'));
    side.move(a, inside(b, 'a'));
    stage.settle();
    expect(stage.paths).toEqual(['b', 'b/a', 'b/x']);
    expect(stage.pathOf(deep)).toBe('b/x');
  });

  test.each(['here', 'there'])('an inverted hierarchy that swaps the names too, %s', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const a = stage.folder('a');
    const b = stage.folder('b', a);
    side.move(b, top('moving'));
    side.move(a, inside(b, 'b'));
    side.move(b, top('a'));
    stage.settle();
    expect([stage.pathOf(a), stage.pathOf(b)]).toEqual(['a/b', 'a']);
  });

  test('an inverted hierarchy that takes the name of what leaves it is not moved before that has left', () => {
    const a = stage.folder('a');
    const b = stage.folder('b', a);
    const id = stage.file('x', b);
    hands.moveLocal(id, top('left'));
    hands.moveLocal(b, top('moving'));
    hands.moveLocal(a, inside(b, 'x'));
    hands.moveLocal(b, top('a'));
    stage.settle();
    expect(stage.paths).toEqual(['a', 'a/x', 'left']);
    expect(stage.pathOf(a)).toBe('a/x');
  });

  test('an inverted hierarchy on both sides is agreed at once', () => {
    const a = stage.folder('a');
    const b = stage.folder('b', a);
    for (const side of [hands.on('local'), hands.on('remote')]) {
      side.move(b, top('b'));
      side.move(a, inside(b, 'a'));
    }
    expect(kindsOf(stage.settle())).toEqual(['agree']);
  });
});

describe('a file becomes a folder', () => {
  test('here', () => {
    const id = stage.file('a');
    hands.deleteLocal(id);
    const folder = hands.createLocal('folder', top('a'));
    hands.createLocal('file', inside(folder, 'x'));
    stage.settle();
    expect(stage.paths).toEqual(['a', 'a/x']);
  });

  test('there', () => {
    const id = stage.file('a');
    hands.deleteRemote(id);
    hands.createRemote('folder', top('a'));
    stage.settle();
    expect(stage.tree).toEqual({ a: 'folder' });
  });

  test('here, while the file was edited there: the edit wins the name', () => {
    const id = stage.file('a');
    hands.deleteLocal(id);
    hands.createLocal('folder', top('a'));
    hands.editRemote(id);
    stage.settle();
    expect(stage.pathOf(id)).toBe('a');
    expect(stage.paths).toEqual(['a', 'a (conflicted copy, Studio 2026-11-20 1404)']);
  });

  test.each(['here', 'there'])('that it then lies in, %s', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const id = stage.file('report');
    const folder = side.create('folder', top('new'), hands.newContent(), true);
    side.move(id, inside(folder, 'report'));
    if (folder) side.move(folder, top('report'));
    stage.settle();
    expect(stage.paths).toEqual(['report', 'report/report']);
    expect(stage.pathOf(id)).toBe('report/report');
  });
});

describe('a folder becomes a file', () => {
  test.each(['here', 'there'])('%s', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const folder = stage.folder('a');
    stage.file('x', folder);
    side.remove(folder);
    const content = hands.newContent();
    side.create('file', top('a'), content, true);
    stage.settle();
    expect(stage.tree).toEqual({ a: content });
  });

  test.each(['here', 'there'])('that was in it before, %s', (where) => {
    const side = hands.on(where === 'here' ? 'local' : 'remote');
    const folder = stage.folder('report');
    const id = stage.file('report', folder);
    side.move(id, top('moving'));
    side.remove(folder);
    side.move(id, top('report'));
    stage.settle();
    expect(stage.paths).toEqual(['report']);
    expect(stage.pathOf(id)).toBe('report');
  });
});

describe('names equal after folding', () => {
  test('two on this disk: the older keeps the name', () => {
    const a = hands.createLocal('file', top('Report.pdf'));
    hands.createLocal('file', top('report.pdf'));
    stage.settle();
    expect(stage.paths).toEqual(['Report.pdf', 'report (case conflict).pdf']);
    expect(a && stage.pathOf(a)).toBe('Report.pdf');
  });

  test('one here, one there: the server’s keeps the name', () => {
    hands.createLocal('file', top('Report.pdf'));
    hands.createRemote('file', top('report.pdf'));
    stage.settle();
    expect(stage.paths).toEqual(['Report (case conflict).pdf', 'report.pdf']);
  });

  test('NFC and NFD of one name are one name on the wire', () => {
    const content = hands.newContent();
    const name = 'e\u0301tude'.normalize('NFC');
    hands.createLocal('file', top(name), content);
    hands.createRemote('file', top('\u00e9tude'), content);
    expect(kindsOf(stage.settle())).toContain('rekey');
    expect(stage.paths).toEqual(['\u00e9tude']);
  });

  test.each([true, false])('one file in two Unicode forms on this disk is needed once (hashed: %s)', (hashed) => {
    const id = stage.file('\u00e9tude');
    const content = stage.contentOf(id) ?? hands.newContent();
    hands.createDouble(id, content, hashed);
    expect(kindsOf(stage.settle())).toEqual(hashed ? ['deleteLocal'] : ['hash', 'deleteLocal']);
    expect(stage.tree).toEqual({ '\u00e9tude': content });
  });

  test.each([true, false])('a file under the name of a folder in another Unicode form stays (hashed: %s)', (hashed) => {
    const id = stage.folder('\u00e9tude');
    const content = hands.newContent();
    hands.createDouble(id, content, hashed);
    stage.settle();
    expect(stage.tree).toEqual({ '\u00e9tude': 'folder', '\u00e9tude (case conflict)': content });
  });

  test('two files under one name in two Unicode forms on this disk both stay', () => {
    const id = stage.file('\u00e9tude');
    const content = hands.newContent();
    hands.createDouble(id, content, true);
    stage.settle();
    expect(stage.tree).toEqual({ '\u00e9tude': stage.contentOf(id), '\u00e9tude (case conflict)': content });
  });

  test.each(['here', 'there'])('a rename of case only, %s, is one move', (where) => {
    const id = stage.file('readme');
    hands.on(where === 'here' ? 'local' : 'remote').move(id, top('README'));
    expect(kindsOf(stage.settle()).filter((kind) => kind !== 'agree')).toEqual([
      where === 'here' ? 'moveRemote' : 'moveLocal',
    ]);
    expect(stage.paths).toEqual(['README']);
  });
});

describe('mtime and executable bit', () => {
  test('set here: the server is told', () => {
    const id = stage.file('a');
    hands.touchLocal(id, true);
    expect(kindsOf(stage.settle())).toEqual(['setRemoteMetadata']);
  });

  test('set there: the disk follows', () => {
    const id = stage.file('a');
    hands.touchRemote(id, true);
    expect(kindsOf(stage.settle())).toEqual(['setLocalMetadata', 'agree']);
  });

  test('set on both sides: the server’s word stands, without version or conflict', () => {
    const id = stage.file('a');
    hands.touchLocal(id, true);
    hands.touchRemote(id, true);
    const there = stage.world.liveRemote(id)?.mtimeMs;
    expect(kindsOf(stage.settle())).toEqual(['setLocalMetadata', 'agree']);
    expect(stage.world.liveRemote(id)?.mtimeMs).toBe(there);
  });

  test('one set here, the other there: both', () => {
    const id = stage.file('a');
    hands.touchRemote(id, false);
    const local = stage.world.local.get(id);
    if (local) stage.world.local.put({ ...local, stat: { ...local.stat, executable: true } });
    const mtimeMs = stage.world.liveRemote(id)?.mtimeMs;
    stage.settle();
    expect(stage.world.liveRemote(id)).toMatchObject({ executable: true, mtimeMs });
  });

  test('a small file that was only touched is hashed, not sent', () => {
    const id = stage.file('a');
    hands.touchLocal(id, false, false);
    expect(kindsOf(stage.settle())).toEqual(['hash', 'setRemoteMetadata']);
  });
});

describe('renames that need each other', () => {
  test('a chain here goes from its end', () => {
    const ids = ['1', '2', '3', '4'].map((name) => stage.file(name));
    for (const [i, id] of [...ids.entries()].reverse()) hands.moveLocal(id, top(`${i + 2}`));
    const done = stage.settle();
    expect(done.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(kindsOf(done)).toEqual(['moveRemote']);
  });

  test('a chain there goes from its end', () => {
    const ids = ['1', '2', '3', '4'].map((name) => stage.file(name));
    for (const [i, id] of [...ids.entries()].reverse()) hands.moveRemote(id, top(`${i + 2}`));
    expect(kindsOf(stage.settle())).toEqual(['moveLocal', 'agree']);
    expect(ids.map((id) => stage.pathOf(id))).toEqual(['2', '3', '4', '5']);
  });

  test('a swap here is one request', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.swapLocal(a, b);
    const done = stage.settle();
    expect(done).toEqual([expect.objectContaining({ kind: 'moveRemote', id: a, with: [b] })]);
    expect([stage.pathOf(a), stage.pathOf(b)]).toEqual(['b', 'a']);
  });

  test('a swap there parks one file', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.swapRemote(a, b);
    expect(stage.settle().filter(({ kind }) => kind !== 'agree')).toEqual([
      expect.objectContaining({ kind: 'parkLocal', id: a }),
      expect.objectContaining({ kind: 'moveLocal', id: b }),
      expect.objectContaining({ kind: 'moveLocal', id: a }),
    ]);
  });

  test('the same swap on both sides needs nothing but agreement', () => {
    const [a, b] = [stage.file('a'), stage.file('b')];
    hands.swapLocal(a, b);
    hands.swapRemote(a, b);
    expect(kindsOf(stage.settle())).toEqual(['agree']);
  });

  test('a ring of three, with a new file waiting for none of them', () => {
    const [a, b, c] = [stage.file('a'), stage.file('b'), stage.file('c')];
    hands.swapLocal(a, b);
    hands.swapLocal(b, c);
    hands.createLocal('file', top('d'));
    expect(kindsOf(stage.settle())).toEqual(['moveRemote', 'upload']);
    expect([stage.pathOf(a), stage.pathOf(b), stage.pathOf(c)]).toEqual(['b', 'c', 'a']);
  });
});

describe('a file that lies parked for a moment', () => {
  let a: NodeId;

  beforeEach(() => {
    a = stage.file('a');
    hands.swapRemote(a, stage.file('b'));
  });

  test('and is deleted there meanwhile is deleted', () => {
    const done = stage.settle(() => hands.deleteRemote(a));
    expect(done[0]).toMatchObject({ kind: 'parkLocal', id: a });
    expect(stage.paths).toEqual(['a']);
  });

  test('and is deleted there but edited here meanwhile comes back at the top', () => {
    stage.settle(() => {
      hands.deleteRemote(a);
      hands.editLocal(a);
    });
    expect(stage.pathOf(a)).toBe('a (conflicted copy, Studio 2026-11-20 1405)');
  });

  test('does not push aside what is there by then', () => {
    hands.swapRemote(a, hands.createRemote('file', top('c')) ?? a);
    stage.settle(() => {
      hands.deleteRemote(a);
      hands.editLocal(a);
      hands.createLocal('file', top('A'));
    });
    expect(stage.paths).toContain('a');
    expect(stage.world.liveRemote(a)).toBeDefined();
  });
});

test('a parked file that comes back at the top takes another name at once when its own is taken', () => {
  const id = stage.file('a');
  const local = stage.world.local.get(id);
  if (local) stage.world.local.put({ ...local, parentId: PARKED, name: id, diskName: id });
  hands.deleteRemote(id);
  hands.editLocal(id);
  hands.createLocal('file', top('a'));
  const moving = wholePlan(stage.world).find(({ operation }) => operation.id === id);
  expect(moving).toMatchObject({ operation: { kind: 'moveLocal', place: { parentId: null } }, after: [] });
});

describe('a file that was not found at the last look', () => {
  test('is not deleted before it is given up', () => {
    const id = stage.file('a');
    hands.loseLocal(id);
    expect(wholePlan(stage.world)).toEqual([]);
    hands.giveUp();
    expect(kindsOf(stage.settle())).toEqual(['trashRemote', 'forget']);
  });

  test('keeps the folder around it from being deleted', () => {
    const folder = stage.folder('f');
    const id = stage.file('a', folder);
    hands.loseLocal(id);
    hands.deleteRemote(folder);
    expect(wholePlan(stage.world)).toEqual([]);
  });

  test('keeps a new one of its name waiting', () => {
    const id = stage.file('a');
    hands.loseLocal(id);
    hands.createLocal('folder', top('a'));
    expect(wholePlan(stage.world)).toEqual([expect.objectContaining({ after: [id] })]);
    hands.giveUp();
    stage.settle();
    expect(stage.tree).toEqual({ a: 'folder' });
  });
});
