import type { ContentId, UserId } from '../../shared/ids.ts';
import { recordEvent } from '../audit/record.ts';
import type { Bytes } from '../content/store.ts';
import type { Db } from '../db/schema.ts';
import { isReleased } from '../quarantine/keep.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ClamavConfig, Screening } from '../settings/screening.ts';
import { ClamdUnreachable, scan } from './clamd.ts';

/** Bytes from the beginning that tell a file's type. */
const HEAD_BYTES = 4_100;

/** Looks at content before it is stored. */
export interface Screen {
  /** Why it may not be stored, or undefined. */
  check(userId: UserId, name: string, content: ContentToScreen): Promise<Objection | undefined>;
}

export interface Objection {
  readonly refusal: Refusal;
  /** What the scanner says of content that belongs into quarantine; null: it is kept nowhere. */
  readonly quarantine: string | null;
}

/** `length` bytes from the first on. */
export interface ContentToScreen {
  readonly contentId: ContentId;
  readonly size: number;
  read(length: number): Promise<Bytes>;
}

export const inMemory = (contentId: ContentId, bytes: Uint8Array): ContentToScreen => ({
  contentId,
  size: bytes.length,
  read: async (length) =>
    (async function* () {
      yield bytes.subarray(0, length);
    })(),
});

/** null: everything may be stored. What looks at types is loaded only where it is used. */
export async function screenFor(config: Screening, db: Db): Promise<Screen | null> {
  const { allowedTypes, refusedTypes, clamav } = config;
  const looksAtTypes = allowedTypes !== null || refusedTypes.length > 0;
  if (!looksAtTypes && clamav === null) return null;
  const { mimeOf, isAmongTypes } = await import('./types.ts');

  return {
    async check(userId, name, content) {
      if (looksAtTypes) {
        const mime = await mimeOf(name, await headOf(content));
        const allowed = allowedTypes === null || isAmongTypes(mime, allowedTypes);
        if (!allowed || isAmongTypes(mime, refusedTypes)) {
          return { refusal: typeRefused(name, mime), quarantine: null };
        }
      }
      if (clamav === null || (await isReleased(db, userId, content.contentId))) return undefined;
      const objection = await virusIn(name, await content.read(content.size), clamav);
      if (objection?.refusal.problem.code === 'quarantined') {
        await recordEvent(db, { userId, action: 'refused-infected', path: name, detail: objection.refusal.message });
      }
      return objection;
    },
  };
}

async function headOf(content: ContentToScreen): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of await content.read(Math.min(HEAD_BYTES, content.size))) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const typeRefused = (name: string, mime: string): Refusal =>
  refuse('type-refused', `"${name}" is of the type ${mime}, which this server does not store. Leave it out.`);

async function virusIn(name: string, bytes: Bytes, { at, unscannable }: ClamavConfig): Promise<Objection | undefined> {
  try {
    const verdict = await scan(at, bytes);
    switch (verdict.type) {
      case 'clean':
        return undefined;
      case 'infected':
        return apart(`"${name}" is infected (${verdict.signature})`, verdict.signature);
      case 'unscannable':
        return unscanned(name, verdict.why, unscannable);
    }
  } catch (error) {
    if (!(error instanceof ClamdUnreachable)) throw error;
    const title = 'Files cannot be checked for viruses at the moment. Try again later.';
    return { refusal: refuse('unavailable', title), quarantine: null };
  }
}

function unscanned(name: string, why: string, policy: ClamavConfig['unscannable']): Objection | undefined {
  const what = `"${name}" cannot be checked for viruses (${why})`;
  switch (policy) {
    case 'allow':
      return undefined;
    case 'quarantine':
      return apart(what, why);
    case 'refuse': {
      const title = `${what} and was not stored. Ask whoever runs the server.`;
      return { refusal: refuse('quarantined', title), quarantine: null };
    }
  }
}

const apart = (what: string, why: string): Objection => ({
  refusal: refuse('quarantined', `${what} and is kept apart. Remove it here, or ask whoever runs the server.`),
  quarantine: why,
});
