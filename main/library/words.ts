/** Marks that stand above or below letters, once they are letters of their own. */
const MARKS = /\p{M}+/gu;

/** As people search: whatever the case and the accents. */
export const folded = (text: string): string => text.normalize('NFD').replace(MARKS, '').toLowerCase();

/** Orders as people do: `Ä` by `A`, `9` before `10`, and letters after everything else. */
export function sortKey(name: string): string {
  const text = folded(name).replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(12, '0'));
  return /^\p{L}/u.test(text) ? `1${text}` : `0${text}`;
}

/** The heading under which a sort key belongs. */
export const letterOf = (key: string): string =>
  key.startsWith('1')
    ? key.codePointAt(1) === undefined
      ? '#'
      : ([...key.slice(1, 3)][0]?.toUpperCase() ?? '#')
    : '#';

/** What one can search a node by. */
export const wordsOf = (name: string, tags: readonly string[]): string => [name, ...tags].map(folded).join('\n');

/** Parts that all have to occur. Those of three and more letters are in the index. */
export function termsOf(search: string): { readonly long: readonly string[]; readonly short: readonly string[] } {
  const terms = folded(search)
    .split(/\s+/)
    .filter((term) => term !== '');
  return {
    long: terms.filter((term) => [...term].length >= 3),
    short: terms.filter((term) => [...term].length < 3),
  };
}

/** As the full-text index wants it: quoted, so that nothing in it is an operator. */
export const matchOf = (terms: readonly string[]): string =>
  terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ');
