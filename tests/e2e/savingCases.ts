import { BASE, type ConflictCase, copyOf, edit, ONE, TWO } from './conflictCases.ts';
import { FOLDER } from './harness/desk.ts';

/** Content of a file that is sent in parts: bytes that compress would hardly matter, the lines differ. */
const LARGE = Array.from({ length: 12_000 }, (_, line) => `line ${line} of a file that travels on its own\n`).join('');
const LARGE_BY_ONE = `${LARGE.slice(0, 1000)}by one${LARGE.slice(1000)}`;
const LARGE_BY_TWO = `${LARGE.slice(0, -1000)}by the other${LARGE.slice(-1000)}`;

const DEEP = Array.from({ length: 30 }, (_, level) => `level ${level}`);
const deep = (top: string): Readonly<Record<string, typeof FOLDER>> =>
  Object.fromEntries(DEEP.map((_, level) => [[top, ...DEEP.slice(1, level + 1)].join('/'), FOLDER]));
const bottom = (top: string): string => [top, ...DEEP.slice(1), 'bottom.txt'].join('/');

const DECOMPOSED = 'A\u030Angstro\u0308m.txt';
const COMPOSED = DECOMPOSED.normalize('NFC');

/** How programs save, and what becomes of large, deep, empty and returning things. */
export const savingCases: readonly ConflictCase[] = [
  {
    name: 'a file saved by writing aside on both is the first and a conflict copy',
    before: (desk) => desk.write('text.txt', 'base', BASE),
    one: (desk) => desk.save('text.txt', ONE.text, ONE.mtimeMs),
    two: (desk) => desk.save('text.txt', TWO.text, TWO.mtimeMs),
    after: ({ first, second }) => ({ 'text.txt': first.text, [copyOf('text.txt', second)]: second.text }),
  },
  {
    name: 'a file saved with a backup of the old one and moved on the other device is moved and edited, the backup new',
    before: (desk) => desk.write('letter.txt', 'base', BASE),
    one: (desk) => desk.saveWithBackup('letter.txt', ONE.text, ONE.mtimeMs),
    two: (desk) => desk.move('letter.txt', 'sent.txt'),
    after: () => ({ 'sent.txt': ONE.text, 'letter.txt~': 'base' }),
  },
  {
    name: 'a file saved with a backup on both is the first and a conflict copy, with one backup',
    before: (desk) => desk.write('letter.txt', 'base', BASE),
    one: (desk) => desk.saveWithBackup('letter.txt', ONE.text, ONE.mtimeMs),
    two: (desk) => desk.saveWithBackup('letter.txt', TWO.text, TWO.mtimeMs),
    after: ({ first, second }) => ({
      'letter.txt': first.text,
      'letter.txt~': 'base',
      [copyOf('letter.txt', second)]: second.text,
    }),
  },
  {
    name: 'equal files made on both are one',
    one: (desk) => desk.write('equal.txt', 'equal', ONE.mtimeMs),
    two: (desk) => desk.write('equal.txt', 'equal', TWO.mtimeMs),
    after: () => ({ 'equal.txt': 'equal' }),
  },
  {
    name: 'a file written anew with the words it had does not stand against an edit',
    before: (desk) => desk.write('again.txt', 'base', BASE),
    one: (desk) => desk.write('again.txt', 'base', ONE.mtimeMs),
    two: edit('again.txt', TWO),
    after: () => ({ 'again.txt': TWO.text }),
  },
  {
    name: 'a file deleted and put back as it was follows a move of the other device',
    before: (desk) => desk.write('back.txt', 'base', BASE),
    one: (desk) => {
      desk.remove('back.txt');
      desk.write('back.txt', 'base', BASE);
    },
    two: (desk) => desk.move('back.txt', 'elsewhere.txt'),
    after: () => ({ 'elsewhere.txt': 'base' }),
  },
  {
    name: 'a file moved away and followed by a new one of its name is, as after a save with a backup, the one at the name',
    before: (desk) => desk.write('page.txt', 'base', BASE),
    one: (desk) => {
      desk.move('page.txt', 'old page.txt');
      desk.write('page.txt', ONE.text, ONE.mtimeMs);
    },
    two: edit('page.txt', TWO),
    after: ({ first, second }) => ({
      'page.txt': first.text,
      [copyOf('page.txt', second)]: second.text,
      'old page.txt': 'base',
    }),
  },
  {
    name: 'an empty file filled on both is the first and a conflict copy',
    before: (desk) => desk.write('empty.txt', '', BASE),
    one: edit('empty.txt', ONE),
    two: edit('empty.txt', TWO),
    after: ({ first, second }) => ({ 'empty.txt': first.text, [copyOf('empty.txt', second)]: second.text }),
  },
  {
    name: 'the same rename on both is one',
    before: (desk) => desk.write('before.txt', 'base', BASE),
    one: (desk) => desk.move('before.txt', 'after.txt'),
    two: (desk) => desk.move('before.txt', 'after.txt'),
    after: () => ({ 'after.txt': 'base' }),
  },
  {
    name: 'the same exchange of names on both is one',
    before: (desk) => {
      desk.write('a.txt', 'was a', BASE);
      desk.write('b.txt', 'was b', BASE);
    },
    one: (desk) => desk.swap('a.txt', 'b.txt'),
    two: (desk) => desk.swap('a.txt', 'b.txt'),
    after: () => ({ 'a.txt': 'was b', 'b.txt': 'was a' }),
  },
  {
    name: 'an executable bit from one and a new place from the other both arrive',
    before: (desk) => desk.write('run.sh', 'base', BASE),
    one: (desk) => desk.makeExecutable('run.sh'),
    two: (desk) => desk.move('run.sh', 'bin/run.sh'),
    after: () => ({ bin: FOLDER, 'bin/run.sh': 'base' }),
    also: (desk) => desk.isExecutable('bin/run.sh'),
  },
  {
    name: 'a new time from one and new words from the other are no conflict',
    before: (desk) => desk.write('touched.txt', 'base', BASE),
    one: (desk) => desk.touch('touched.txt', ONE.mtimeMs),
    two: edit('touched.txt', TWO),
    after: () => ({ 'touched.txt': TWO.text }),
  },
  {
    name: 'an empty folder deleted on one where the other has put a file lives with it',
    before: (desk) => desk.folder('empty'),
    one: (desk) => desk.remove('empty'),
    two: edit('empty/new.txt', TWO),
    after: () => ({ empty: FOLDER, 'empty/new.txt': TWO.text }),
  },
  {
    name: 'an empty folder deleted on one and renamed on the other lives under its new name',
    before: (desk) => desk.folder('empty'),
    one: (desk) => desk.remove('empty'),
    two: (desk) => desk.move('empty', 'still empty'),
    after: () => ({ 'still empty': FOLDER }),
  },
  {
    name: 'a folder renamed on one and a file in it renamed on the other end under both new names',
    before: (desk) => desk.write('tour/day.txt', 'base', BASE),
    one: (desk) => desk.move('tour', 'journey'),
    two: (desk) => desk.move('tour/day.txt', 'tour/first day.txt'),
    after: () => ({ journey: FOLDER, 'journey/first day.txt': 'base' }),
  },
  {
    name: 'a folder renamed to two names ends under the first, with what both have put into it',
    before: (desk) => desk.write('trip/kept.txt', 'base', BASE),
    one: (desk) => {
      desk.move('trip', 'trip of one');
      desk.write('trip of one/one.txt', ONE.text, ONE.mtimeMs);
    },
    two: (desk) => {
      desk.move('trip', 'trip of two');
      desk.write('trip of two/two.txt', TWO.text, TWO.mtimeMs);
    },
    after: ({ first }) => {
      const name = first === ONE ? 'trip of one' : 'trip of two';
      return {
        [name]: FOLDER,
        [`${name}/kept.txt`]: 'base',
        [`${name}/one.txt`]: ONE.text,
        [`${name}/two.txt`]: TWO.text,
      };
    },
  },
  {
    name: 'a folder that one deletes and the other moves something into lives with that alone',
    before: (desk) => {
      desk.write('shelf/old.txt', 'old', BASE);
      desk.write('book.txt', 'book', BASE);
    },
    one: (desk) => desk.remove('shelf'),
    two: (desk) => desk.move('book.txt', 'shelf/book.txt'),
    after: () => ({ shelf: FOLDER, 'shelf/book.txt': 'book' }),
  },
  {
    name: 'a file that became a folder on both is one folder with what both have put into it',
    before: (desk) => desk.write('thing', 'base', BASE),
    one: (desk) => {
      desk.remove('thing');
      desk.write('thing/one.txt', ONE.text, ONE.mtimeMs);
    },
    two: (desk) => {
      desk.remove('thing');
      desk.write('thing/two.txt', TWO.text, TWO.mtimeMs);
    },
    after: () => ({ thing: FOLDER, 'thing/one.txt': ONE.text, 'thing/two.txt': TWO.text }),
  },
  {
    name: 'a deep folder renamed at the top takes along an edit at the bottom',
    before: (desk) => desk.write(bottom('top'), 'base', BASE),
    one: (desk) => desk.move('top', 'new top'),
    two: edit(bottom('top'), TWO),
    after: () => ({ ...deep('new top'), [bottom('new top')]: TWO.text }),
  },
  {
    name: 'a large file edited on both at different places is the first and a conflict copy',
    before: (desk) => desk.write('film.txt', LARGE, BASE),
    one: (desk) => desk.write('film.txt', LARGE_BY_ONE, ONE.mtimeMs),
    two: (desk) => desk.write('film.txt', LARGE_BY_TWO, TWO.mtimeMs),
    after: ({ first, second }) => ({
      'film.txt': first === ONE ? LARGE_BY_ONE : LARGE_BY_TWO,
      [copyOf('film.txt', second)]: second === ONE ? LARGE_BY_ONE : LARGE_BY_TWO,
    }),
  },
  {
    name: 'a copy of a large file lives when the other device deletes the original',
    before: (desk) => desk.write('film.txt', `${LARGE}!`, BASE),
    one: (desk) => desk.copy('film.txt', 'film copy.txt'),
    two: (desk) => desk.remove('film.txt'),
    after: () => ({ 'film copy.txt': `${LARGE}!` }),
  },
  {
    name: 'an NFC/NFD pair made on two devices is the first and a conflict copy',
    one: edit(DECOMPOSED, ONE),
    two: edit(COMPOSED, TWO),
    after: ({ first, second }) => ({ [COMPOSED]: first.text, [copyOf(COMPOSED, second)]: second.text }),
  },
];
