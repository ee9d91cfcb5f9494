import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const ROW = /^\| (?<scenario>.+?) \| (?<test>.+?) \| (?<file>tests\/\S+\.ts) \|$/gm;

/** A name in a comment would be no test. */
const QUOTES = ["'", '"', '`'];

const rows = [...readFileSync(join(CHECKOUT, 'docs/sync.md'), 'utf8').matchAll(ROW)].map(({ groups }) => ({
  scenario: groups?.scenario ?? '',
  name: groups?.test ?? '',
  file: groups?.file ?? '',
}));

test('the table of scenarios is found', () => {
  expect(rows.length).toBeGreaterThan(25);
});

test.each(rows)('the scenario “$scenario” is held by the test that docs/sync.md names', ({ name, file }) => {
  const path = join(CHECKOUT, file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(QUOTES.some((quote) => source.includes(`${quote}${name}`))).toBe(true);
});
