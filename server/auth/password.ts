import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import PQueue from 'p-queue';
import { MiB } from '../../shared/bytes.ts';

/** What a hash costs: 32 MiB of memory and a good part of a second, which every guess pays as well. */
export interface PasswordCost {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

export const PASSWORD_COST: PasswordCost = { ln: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Few at a time: hashing shares its threads with the disk, and a crowd of guesses must not take them all. */
const line = new PQueue({ concurrency: 2 });

/** `$scrypt$ln=15,r=8,p=3$<salt>$<key>`: the parameters are kept with it, so that they can be raised later. */
export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, cost);
  const { ln, r, p } = cost;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether it is the password. With null, which no password matches, it takes as long as with any other. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const known = parse(stored ?? NOBODYS);
  const key = await derive(password, known.salt, known.cost);
  return timingSafeEqual(key, known.key) && stored !== null;
}

function parse(stored: string): { cost: PasswordCost; salt: Buffer; key: Buffer } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]{43})$/.exec(stored);
  if (!match) throw new Error('A stored password is not one of those that this server writes.');
  const [, ln, r, p, salt = '', key = ''] = match;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/** Keyboards differ in how they compose letters: the same password is the same text. */
const derive = (password: string, salt: Buffer, { ln, r, p }: PasswordCost): Promise<Buffer> =>
  line.add(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const options = { N: 2 ** ln, r, p, maxmem: 128 * r * (2 ** ln + p) + MiB };
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        );
      }),
  );

const { ln, r, p } = PASSWORD_COST;
const NOBODYS = `$scrypt$ln=${ln},r=${r},p=${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
