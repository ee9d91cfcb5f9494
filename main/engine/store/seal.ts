import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keeps a secret of the state from whoever reads its file: another program, a backup, a borrowed disk. */
export interface Seal {
  seal(secret: string): string;
  /** null: it was sealed with another key, and is lost. */
  open(kept: string): string | null;
}

export const SEAL_KEY_BYTES = 32;

const SEALED = /^sealed:(?<iv>[\w-]+):(?<tag>[\w-]+):(?<text>[\w-]*)$/;
const IV_BYTES = 12;

/** For who has no safe place for a key: the file's permissions are all that keeps it. */
export const unsealed: Seal = { seal: (secret) => secret, open: (kept) => (SEALED.test(kept) ? null : kept) };

/** `key`: of SEAL_KEY_BYTES. What was kept openly before is opened all the same. */
export const sealedWith = (key: Uint8Array): Seal => ({
  seal(secret) {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return ['sealed', ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join(':');
  },
  open(kept) {
    const { iv, tag, text } = SEALED.exec(kept)?.groups ?? {};
    if (iv === undefined || tag === undefined || text === undefined) return kept;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  },
});
