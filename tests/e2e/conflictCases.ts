import { hostname } from 'node:os';
import { withSuffix } from '../../shared/names.ts';
import { type Desk, FOLDER, type Listing } from './harness/desk.ts';

/** One of the two devices of a meeting: what it writes, and when. */
export interface Side {
  readonly text: string;
  readonly mtimeMs: number;
}

export const BASE = Date.UTC(2026, 9, 1, 8, 0, 0, 123);
export const ONE: Side = { text: 'by one', mtimeMs: Date.UTC(2026, 9, 2, 14, 2, 5, 250) };
export const TWO: Side = { text: 'by the other', mtimeMs: Date.UTC(2026, 9, 3, 15, 30, 10, 500) };
/** In which order the sides reach the server. */
export const ORDERS = { one: { first: ONE, second: TWO }, two: { first: TWO, second: ONE } } as const;
type Order = (typeof ORDERS)['one' | 'two'];

/** A meeting of two devices that agreed on `before`, then each did its own, unseen by the other. */
export interface ConflictCase {
  readonly name: string;
  readonly before?: (desk: Desk) => void;
  readonly one?: (desk: Desk) => void;
  readonly two?: (desk: Desk) => void;
  /** What both devices must hold in the end; left out where `also` says it. */
  readonly after?: (order: Order) => Listing;
  /** What must hold on both and a listing does not show. */
  readonly also?: (desk: Desk) => boolean;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** The name that the losing version of a file gets. */
export function copyOf(name: string, loser: Side): string {
  const time = new Date(loser.mtimeMs);
  const day = `${time.getUTCFullYear()}-${pad(time.getUTCMonth() + 1)}-${pad(time.getUTCDate())}`;
  const minute = `${pad(time.getUTCHours())}${pad(time.getUTCMinutes())}`;
  return withSuffix(name, ` (conflicted copy, ${hostname()} ${day} ${minute})`);
}

export const edit =
  (path: string, side: Side) =>
  (desk: Desk): void =>
    desk.write(path, side.text, side.mtimeMs);

export const conflictCases: readonly ConflictCase[] = [
  {
    name: 'a file edited on both keeps the name for the version that came first; the other is a conflict copy',
    before: (desk) => desk.write('report.final.txt', 'base', BASE),
    one: edit('report.final.txt', ONE),
    two: edit('report.final.txt', TWO),
    after: ({ first, second }) => ({
      'report.final.txt': first.text,
      [copyOf('report.final.txt', second)]: second.text,
    }),
  },
  {
    name: 'identical edits on both make no copy',
    before: (desk) => desk.write('same.txt', 'base', BASE),
    one: (desk) => desk.write('same.txt', 'the same words', ONE.mtimeMs),
    two: (desk) => desk.save('same.txt', 'the same words', TWO.mtimeMs),
    after: () => ({ 'same.txt': 'the same words' }),
  },
  {
    name: 'a file edited on one and deleted on the other lives with its edit',
    before: (desk) => desk.write('kept.txt', 'base', BASE),
    one: edit('kept.txt', ONE),
    two: (desk) => desk.remove('kept.txt'),
    after: () => ({ 'kept.txt': ONE.text }),
  },
  {
    name: 'a file deleted on both is gone',
    before: (desk) => desk.write('gone.txt', 'base', BASE),
    one: (desk) => desk.remove('gone.txt'),
    two: (desk) => desk.remove('gone.txt'),
    after: () => ({}),
  },
  {
    name: 'move + edit: a file edited on one and moved on the other is moved and edited',
    before: (desk) => desk.write('draft.txt', 'base', BASE),
    one: edit('draft.txt', ONE),
    two: (desk) => desk.move('draft.txt', 'done/final.txt'),
    after: () => ({ done: FOLDER, 'done/final.txt': ONE.text }),
  },
  {
    name: 'a file saved by writing aside on one and moved on the other is moved and edited',
    before: (desk) => desk.write('draft.txt', 'base', BASE),
    one: (desk) => desk.save('draft.txt', ONE.text, ONE.mtimeMs),
    two: (desk) => desk.move('draft.txt', 'final.txt'),
    after: () => ({ 'final.txt': ONE.text }),
  },
  {
    name: 'a file moved on one and deleted on the other lives where it was moved',
    before: (desk) => desk.write('here.txt', 'base', BASE),
    one: (desk) => desk.move('here.txt', 'there.txt'),
    two: (desk) => desk.remove('here.txt'),
    after: () => ({ 'there.txt': 'base' }),
  },
  {
    name: 'a file moved to two places ends where it was moved first',
    before: (desk) => desk.write('start.txt', 'base', BASE),
    one: (desk) => desk.move('start.txt', 'one.txt'),
    two: (desk) => desk.move('start.txt', 'two.txt'),
    after: ({ first }) => ({ [first === ONE ? 'one.txt' : 'two.txt']: 'base' }),
  },
  {
    name: 'two files moved to one name are both kept, the later one as a conflict copy',
    before: (desk) => {
      desk.write('a.txt', 'was a', BASE);
      desk.write('b.txt', 'was b', BASE);
    },
    one: (desk) => desk.move('a.txt', 'c.txt'),
    two: (desk) => desk.move('b.txt', 'c.txt'),
    after: ({ first }) => ({
      'c.txt': first === ONE ? 'was a' : 'was b',
      [copyOf('c.txt', { text: '', mtimeMs: BASE })]: first === ONE ? 'was b' : 'was a',
    }),
  },
  {
    name: 'a file moved out of a folder that the other device deletes lives where it was moved',
    before: (desk) => {
      desk.write('project/wanted.txt', 'wanted', BASE);
      desk.write('project/unwanted.txt', 'unwanted', BASE);
    },
    one: (desk) => desk.move('project/wanted.txt', 'wanted.txt'),
    two: (desk) => desk.remove('project'),
    after: () => ({ 'wanted.txt': 'wanted' }),
  },
  {
    name: 'a folder deleted on one where the other has put a new file lives with that file alone',
    before: (desk) => desk.write('project/old.txt', 'base', BASE),
    one: (desk) => desk.remove('project'),
    two: edit('project/new.txt', TWO),
    after: () => ({ project: FOLDER, 'project/new.txt': TWO.text }),
  },
  {
    name: 'a folder deleted on one where the other has edited deep inside lives with the edited file alone',
    before: (desk) => {
      desk.write('project/deep/edited.txt', 'base', BASE);
      desk.write('project/deep/untouched.txt', 'base', BASE);
      desk.write('project/other/untouched.txt', 'base', BASE);
    },
    one: (desk) => desk.remove('project'),
    two: edit('project/deep/edited.txt', TWO),
    after: () => ({ project: FOLDER, 'project/deep': FOLDER, 'project/deep/edited.txt': TWO.text }),
  },
  {
    name: 'a folder made on both is one folder with the files of both',
    one: (desk) => {
      desk.write('shared/one.txt', ONE.text, ONE.mtimeMs);
      desk.write('shared/equal.txt', 'equal', ONE.mtimeMs);
    },
    two: (desk) => {
      desk.write('shared/two.txt', TWO.text, TWO.mtimeMs);
      desk.write('shared/equal.txt', 'equal', TWO.mtimeMs);
    },
    after: () => ({
      shared: FOLDER,
      'shared/one.txt': ONE.text,
      'shared/two.txt': TWO.text,
      'shared/equal.txt': 'equal',
    }),
  },
  {
    name: 'different files made with one name are the first and a conflict copy',
    one: edit('new.txt', ONE),
    two: edit('new.txt', TWO),
    after: ({ first, second }) => ({ 'new.txt': first.text, [copyOf('new.txt', second)]: second.text }),
  },
  {
    name: 'a folder renamed on one takes along what the other adds and edits inside',
    before: (desk) => {
      desk.write('album/a.txt', 'base a', BASE);
      desk.write('album/b.txt', 'base b', BASE);
    },
    one: (desk) => desk.move('album', 'archive/album 2026'),
    two: (desk) => {
      desk.write('album/a.txt', TWO.text, TWO.mtimeMs);
      desk.write('album/new.txt', 'new', TWO.mtimeMs);
    },
    after: () => ({
      archive: FOLDER,
      'archive/album 2026': FOLDER,
      'archive/album 2026/a.txt': TWO.text,
      'archive/album 2026/b.txt': 'base b',
      'archive/album 2026/new.txt': 'new',
    }),
  },
  {
    name: 'a swap of two files keeps their edits from the other device',
    before: (desk) => {
      desk.write('a.txt', 'was a', BASE);
      desk.write('b.txt', 'was b', BASE);
    },
    one: (desk) => desk.swap('a.txt', 'b.txt'),
    two: edit('a.txt', TWO),
    after: () => ({ 'a.txt': 'was b', 'b.txt': TWO.text }),
  },
  {
    name: 'a swap of two folders keeps what is in them',
    before: (desk) => {
      desk.write('left/file.txt', 'left', BASE);
      desk.write('right/file.txt', 'right', BASE);
    },
    one: (desk) => desk.swap('left', 'right'),
    two: edit('left/new.txt', TWO),
    after: () => ({
      left: FOLDER,
      'left/file.txt': 'right',
      right: FOLDER,
      'right/file.txt': 'left',
      'right/new.txt': TWO.text,
    }),
  },
  {
    name: 'a rename chain moves every file one place on',
    before: (desk) => {
      for (const name of ['1', '2', '3']) desk.write(name, `was ${name}`, BASE);
    },
    one: (desk) => {
      desk.move('3', '4');
      desk.move('2', '3');
      desk.move('1', '2');
    },
    two: edit('2', TWO),
    after: () => ({ 2: 'was 1', 3: TWO.text, 4: 'was 3' }),
  },
  {
    name: 'an inverted hierarchy, a folder and its subfolder that changed places, stays whole',
    before: (desk) => {
      desk.write('outer/file.txt', 'outer', BASE);
      desk.write('outer/inner/file.txt', 'inner', BASE);
    },
    one: (desk) => {
      desk.move('outer/inner', 'inner');
      desk.move('outer', 'inner/outer');
    },
    two: edit('outer/file.txt', TWO),
    after: () => ({
      inner: FOLDER,
      'inner/file.txt': 'inner',
      'inner/outer': FOLDER,
      'inner/outer/file.txt': TWO.text,
    }),
  },
  {
    name: 'A→B here and B→A there, folders moved into each other, end as the first move left them',
    before: (desk) => {
      desk.write('x/x.txt', 'x', BASE);
      desk.write('y/y.txt', 'y', BASE);
    },
    one: (desk) => desk.move('x', 'y/x'),
    two: (desk) => desk.move('y', 'x/y'),
    after: ({ first }) =>
      first === ONE
        ? { y: FOLDER, 'y/y.txt': 'y', 'y/x': FOLDER, 'y/x/x.txt': 'x' }
        : { x: FOLDER, 'x/x.txt': 'x', 'x/y': FOLDER, 'x/y/y.txt': 'y' },
  },
  {
    name: 'a case-only rename arrives',
    before: (desk) => desk.write('readme.md', 'base', BASE),
    one: (desk) => desk.move('readme.md', 'README.md'),
    two: edit('readme.md', TWO),
    after: () => ({ 'README.md': TWO.text }),
  },
  {
    name: 'names that differ only in case and were made on two devices live side by side under different names',
    one: edit('Photo.txt', ONE),
    two: edit('photo.txt', TWO),
    after: ({ first }) =>
      first === ONE
        ? { 'Photo.txt': ONE.text, 'photo (case conflict).txt': TWO.text }
        : { 'photo.txt': TWO.text, 'Photo (case conflict).txt': ONE.text },
  },
  {
    name: 'a folder whose name changed only in case takes along what the other adds',
    before: (desk) => desk.write('docs/a.txt', 'a', BASE),
    one: (desk) => desk.move('docs', 'Docs'),
    two: edit('docs/b.txt', TWO),
    after: () => ({ Docs: FOLDER, 'Docs/a.txt': 'a', 'Docs/b.txt': TWO.text }),
  },
  {
    name: 'a file moved over another that the other device edited loses neither',
    before: (desk) => {
      desk.write('new version.txt', 'moved', BASE);
      desk.write('document.txt', 'base', BASE);
    },
    one: (desk) => desk.move('new version.txt', 'document.txt'),
    two: edit('document.txt', TWO),
    after: ({ first }) =>
      first === ONE
        ? { 'document.txt': 'moved', [copyOf('document.txt', TWO)]: TWO.text }
        : { 'document.txt': TWO.text, [copyOf('document.txt', { text: 'moved', mtimeMs: BASE })]: 'moved' },
  },
  {
    name: 'a folder emptied into another and deleted leaves its files there, with an edit of the other device',
    before: (desk) => {
      desk.write('from/a.txt', 'a', BASE);
      desk.write('from/b.txt', 'b', BASE);
      desk.write('to/c.txt', 'c', BASE);
    },
    one: (desk) => {
      desk.move('from/a.txt', 'to/a.txt');
      desk.move('from/b.txt', 'to/b.txt');
      desk.remove('from');
    },
    two: edit('from/b.txt', TWO),
    after: () => ({ to: FOLDER, 'to/a.txt': 'a', 'to/b.txt': TWO.text, 'to/c.txt': 'c' }),
  },
  {
    name: 'a file that became a folder is a folder on both',
    before: (desk) => desk.write('thing', 'base', BASE),
    one: (desk) => {
      desk.remove('thing');
      desk.write('thing/inside.txt', ONE.text, ONE.mtimeMs);
    },
    after: () => ({ thing: FOLDER, 'thing/inside.txt': ONE.text }),
  },
  {
    name: 'a folder that became a file is a file on both',
    before: (desk) => desk.write('thing/inside.txt', 'base', BASE),
    one: (desk) => {
      desk.remove('thing');
      desk.write('thing', ONE.text, ONE.mtimeMs);
    },
    after: () => ({ thing: ONE.text }),
  },
  {
    name: 'a file that became a folder on one and was edited on the other loses neither',
    before: (desk) => desk.write('thing', 'base', BASE),
    one: (desk) => {
      desk.remove('thing');
      desk.write('thing/inside.txt', ONE.text, ONE.mtimeMs);
      desk.touch('thing', ONE.mtimeMs);
    },
    two: edit('thing', TWO),
    after: ({ first }) =>
      first === ONE
        ? { thing: FOLDER, 'thing/inside.txt': ONE.text, [copyOf('thing', TWO)]: TWO.text }
        : { thing: TWO.text, [copyOf('thing', ONE)]: FOLDER, [`${copyOf('thing', ONE)}/inside.txt`]: ONE.text },
  },
  {
    name: 'empty folders and empty files made on both arrive',
    one: (desk) => {
      desk.folder('empty/one');
      desk.write('nothing by one.txt', '', ONE.mtimeMs);
    },
    two: (desk) => {
      desk.folder('empty/two');
      desk.write('nothing by two.txt', '', TWO.mtimeMs);
    },
    after: () => ({
      empty: FOLDER,
      'empty/one': FOLDER,
      'empty/two': FOLDER,
      'nothing by one.txt': '',
      'nothing by two.txt': '',
    }),
  },
  {
    name: 'an executable bit from one and words from the other both arrive',
    before: (desk) => desk.write('run.sh', 'base', BASE),
    one: (desk) => desk.makeExecutable('run.sh'),
    two: edit('run.sh', TWO),
    after: () => ({ 'run.sh': TWO.text }),
    also: (desk) => desk.isExecutable('run.sh'),
  },
  {
    name: 'a new time without new words arrives without a copy',
    before: (desk) => desk.write('touched.txt', 'base', BASE),
    one: (desk) => desk.touch('touched.txt', ONE.mtimeMs),
    after: () => ({ 'touched.txt': 'base' }),
    also: (desk) => desk.mtimeMs('touched.txt') === ONE.mtimeMs,
  },
  {
    name: 'new times on both without new words make no copy',
    before: (desk) => desk.write('touched.txt', 'base', BASE),
    one: (desk) => desk.touch('touched.txt', ONE.mtimeMs),
    two: (desk) => desk.touch('touched.txt', TWO.mtimeMs),
    after: () => ({ 'touched.txt': 'base' }),
    also: (desk) => [ONE.mtimeMs, TWO.mtimeMs].includes(desk.mtimeMs('touched.txt')),
  },
  {
    name: 'a file deleted and made anew on one and edited on the other is the first and a conflict copy',
    before: (desk) => desk.write('again.txt', 'base', BASE),
    one: (desk) => {
      desk.remove('again.txt');
      desk.write('again.txt', ONE.text, ONE.mtimeMs);
    },
    two: edit('again.txt', TWO),
    after: ({ first, second }) => ({ 'again.txt': first.text, [copyOf('again.txt', second)]: second.text }),
  },
  {
    name: 'a conflict copy that is edited on both within its own minute gets the next number',
    before: (desk) => desk.write(copyOf('twice.txt', ONE), 'base', BASE),
    one: (desk) => desk.write(copyOf('twice.txt', ONE), 'by one', ONE.mtimeMs),
    two: (desk) => desk.write(copyOf('twice.txt', ONE), 'by the other', ONE.mtimeMs + 1_000),
    after: ({ first, second }) => ({
      [copyOf('twice.txt', ONE)]: first.text,
      [copyOf('twice.txt', ONE).replace(').txt', ' 2).txt')]: second.text,
    }),
  },
  {
    name: 'names with spaces, emoji, umlauts and quotes arrive as they are',
    one: (desk) => {
      desk.write(' two  spaces /a b.txt', ONE.text, ONE.mtimeMs);
      desk.write('Größe 🎬 👩‍👩‍👧/„Ärger“ & \'q\' "d" #1%20?.txt', ONE.text, ONE.mtimeMs);
      desk.write('日本語/файл.txt', ONE.text, ONE.mtimeMs);
    },
    two: (desk) => desk.write('back\\slash:colon*.txt', TWO.text, TWO.mtimeMs),
    after: () => ({
      ' two  spaces ': FOLDER,
      ' two  spaces /a b.txt': ONE.text,
      'Größe 🎬 👩‍👩‍👧': FOLDER,
      'Größe 🎬 👩‍👩‍👧/„Ärger“ & \'q\' "d" #1%20?.txt': ONE.text,
      日本語: FOLDER,
      '日本語/файл.txt': ONE.text,
      'back\\slash:colon*.txt': TWO.text,
    }),
  },
];
