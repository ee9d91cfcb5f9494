/**
 * What search compares: without case, without accents, compatibility forms as the plain ones. Only Latin, Greek and
 * Cyrillic accents go: in other scripts a mark makes another letter.
 */
export const fold = (text: string): string =>
  PLAIN.test(text)
    ? text.toLowerCase()
    : text.normalize('NFKD').replace(ACCENTS, '').toUpperCase().toLowerCase().normalize('NFC');

const PLAIN = /^[ -~]*$/;
const ACCENTS = /[\u0300-\u036f]/g;

/** Search terms of this many characters and more are found anywhere in a name; shorter ones where a word begins. */
export const ANYWHERE = 3;

/** Terms of a query, folded: each must be found. */
export const termsOf = (query: string): string[] => [
  ...new Set(
    fold(query)
      .split(/[\s\p{Cc}]+/u)
      .filter((term) => term !== ''),
  ),
];

/** Of a name and of each tag, folded; control characters stand between them, so that no term reaches across. */
export function wordsOf(name: string, tags: string | null): string {
  return fold(tags === null ? name : [name, ...(JSON.parse(tags) as unknown[])].join('\n'));
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const LETTER = /[\p{L}\p{N}]/u;
const BLANK = /[\s\p{Cc}]/u;

/** Words begin at a letter or digit after something else, at each sign, and at each letter of unspaced scripts. */
function beginsWord(before: string | undefined, character: string): boolean {
  if (BLANK.test(character)) return false;
  if (!LETTER.test(character) || UNSPACED.test(character)) return true;
  return before === undefined || !LETTER.test(before) || UNSPACED.test(before);
}

/** The two characters with which each word begins, or the one where the text ends there. */
export function beginningsOf(words: string): Set<string> {
  const characters = [...words];
  const beginnings = new Set<string>();
  for (const [i, character] of characters.entries()) {
    if (!beginsWord(characters[i - 1], character)) continue;
    const next = characters[i + 1];
    beginnings.add(next === undefined || BLANK.test(next) ? character : character + next);
  }
  return beginnings;
}

export const matches = (words: string, terms: readonly string[]): boolean =>
  terms.every((term) => (isLong(term) ? words.includes(term) : hasBeginning(words, term)));

function hasBeginning(words: string, term: string): boolean {
  const [first = ''] = term;
  for (let at = words.indexOf(term); at >= 0; at = words.indexOf(term, at + 1)) {
    if (beginsWord(at === 0 ? undefined : characterBefore(words, at), first)) return true;
  }
  return false;
}

const characterBefore = (words: string, at: number): string => [...words.slice(Math.max(0, at - 2), at)].at(-1) ?? '';

/** Length counts characters, as the index does, not the halves of them that JavaScript counts. */
export const isLong = (term: string): boolean => term.length >= ANYWHERE && [...term].length >= ANYWHERE;

let lastQuery: string | undefined;
let lastTerms: readonly string[] = [];

/** For SQL: whether a row's name and tags match a query. Rows are asked about in a row, so its terms are kept. */
export function rowMatches(name: unknown, tags: unknown, query: unknown): number {
  if (typeof name !== 'string' || typeof query !== 'string') return 0;
  if (query !== lastQuery) {
    lastTerms = termsOf(query);
    lastQuery = query;
  }
  return Number(matches(wordsOf(name, typeof tags === 'string' ? tags : null), lastTerms));
}
