import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const ROW = /^\| (?<scenario>.+?) \| (?<test>.+?) \| (?<file>tests\/\S+\.ts) \|$/gm;

/** A name in a comment would be no test. */
const QUOTES = ["'", '"', '`'];

const rowsOf = (page: string) =>
  [...readFileSync(join(CHECKOUT, page), 'utf8').matchAll(ROW)].map(({ groups }) => ({
    page,
    scenario: groups?.scenario ?? '',
    name: groups?.test ?? '',
    file: groups?.file ?? '',
  }));

test.each([
  ['docs/sync.md', 25],
  ['docs/window.md', 40],
  ['docs/server/promises.md', 45],
])('the table in %s is found', (page, most) => {
  expect(rowsOf(page).length).toBeGreaterThan(most);
});

const rows = ['docs/sync.md', 'docs/window.md', 'docs/server/promises.md'].flatMap(rowsOf);

test.each(rows)('“$scenario” is held by the test that $page names', ({ name, file }) => {
  const path = join(CHECKOUT, file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(QUOTES.some((quote) => source.includes(`${quote}${name}`))).toBe(true);
});
