import { expect, test } from 'vitest';
import { hashPassword, isPassword } from '../../server/auth/password.ts';

const CHEAP = { ln: 4, r: 8, p: 1 };

test('a password is known again, another is not', async () => {
  const stored = await hashPassword('correct horse', CHEAP);
  expect(await isPassword('correct horse', stored)).toBe(true);
  expect(await isPassword('correct house', stored)).toBe(false);
});

test('what it costs is stored with it, so that a later version may ask for more', async () => {
  const stored = await hashPassword('correct horse', CHEAP);
  expect(stored).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/);
  expect(await isPassword('correct horse', stored.replace('ln=4', 'ln=5'))).toBe(false);
});

test('the same password is stored differently each time', async () => {
  expect(await hashPassword('same', CHEAP)).not.toBe(await hashPassword('same', CHEAP));
});

test('a password is the same however the keyboard composes its letters', async () => {
  expect(await isPassword('cafe\u0301 con leche', await hashPassword('caf\u00e9 con leche', CHEAP))).toBe(true);
});

test('nobody has the password of somebody who has none, and to find that out takes the work of a real one', async () => {
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await isPassword('', null)).toBe(false);
  expect(await isPassword('AAAA', null)).toBe(false);
  clearInterval(counting);
  // The loop was free meanwhile.
  expect(turns).toBeGreaterThan(5);
});
