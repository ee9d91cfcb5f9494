import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Db } from '../db/schema.ts';

/** What the address of a link proves: which link it is, and until when. */
export interface LinkProof {
  readonly id: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Signs links with the key of this store, which is made once and never changes: an address works until it expires. */
export interface LinkSigner {
  sign(proof: LinkProof): string;
  /** undefined: nobody here has signed it. */
  verify(token: string): LinkProof | undefined;
}

export async function linkSigner(write: Db): Promise<LinkSigner> {
  const fresh = randomBytes(32).toString('hex');
  await write
    .insertInto('meta')
    .values({ key: 'link_key', value: fresh })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { value } = await write
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'link_key')
    .executeTakeFirstOrThrow();
  const key = Buffer.from(value, 'hex');
  const signatureOf = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    sign: ({ id, expiresAt }) => {
      const text = `${id}.${expiresAt}`;
      return `${text}.${signatureOf(text).toString('base64url')}`;
    },
    verify: (token) => {
      const [, text = '', id = '', expiresAt, signature = ''] = TOKEN.exec(token) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const right = signatureOf(text);
      // The last character of a signature has bits that mean nothing: another spelling of it is a forgery as well.
      const same = given.length === right.length && timingSafeEqual(given, right);
      return same && given.toString('base64url') === signature ? { id, expiresAt: Number(expiresAt) } : undefined;
    },
  };
}

const TOKEN = /^(([\w-]{22})\.(\d{1,15}))\.([\w-]{43})$/;
