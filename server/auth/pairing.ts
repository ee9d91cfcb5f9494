import { randomInt } from 'node:crypto';
import type { Pairing } from '../../shared/api/devices.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { tokenHash } from './tokens.ts';

/** Without letters that look like digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const PAIRING_MS = 10 * 60_000;

/** A code that lets one more device of this user in, within ten minutes; a user has one at a time. */
export async function newPairing(db: Db, userId: UserId, now: number): Promise<Pairing> {
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const row = { code_hash: tokenHash(code), expires_at: now + PAIRING_MS };
  await db
    .insertInto('pairings')
    .values({ user_id: userId, ...row })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
    .execute();
  return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt: row.expires_at };
}

/** Whose code it is; it is used up by that. */
export async function takePairing(db: Db, code: string, now: number): Promise<UserId | undefined> {
  const row = await db
    .deleteFrom('pairings')
    .where('code_hash', '=', tokenHash(asMade(code)))
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst();
  return row?.user_id;
}

/** As people type it: in small letters, with spaces, an O for a zero. */
const asMade = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
