import { hash, randomBytes } from 'node:crypto';

/** dle_: enrolment token (from `users add`), dls_: a device's secret, dla_: access token of a session. */
export type TokenPrefix = 'dle_' | 'dls_' | 'dla_';

/** A new secret of 32 random bytes. It is shown once; only its hash is stored. */
export const newToken = (prefix: TokenPrefix): string => prefix + randomBytes(32).toString('base64url');

/** Plain SHA-256 suffices for what is stored: 256 random bits cannot be guessed by trying. */
export const tokenHash = (token: string): string => hash('sha256', token, 'hex');
