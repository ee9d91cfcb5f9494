import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Places } from '../places.ts';

/** Where a folder's truth lies, as its person chose. */
export type Truth =
  | { readonly kind: 'own' }
  /** `clerkSince`: Unix ms of the last proof by Clerk; null: signed in otherwise. */
  | { readonly kind: 'elsewhere'; readonly url: string; readonly clerkSince: number | null }
  | { readonly kind: 'signed-out'; readonly url: string };

const StoredTruth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('elsewhere'), url: z.url(), clerkSince: z.number().nullable().default(null) }),
  z.object({ kind: z.literal('signed-out'), url: z.url() }),
]);
const StoredFolder = z.object({ folder: z.string().min(1) });

const truthFile = (stateDir: string): string => join(stateDir, 'server.json');
const folderFile = (places: Places): string => join(places.states, 'folder.json');

/** null: nobody has chosen. What cannot be read counts as that, for it is asked again. */
export const readTruth = (stateDir: string): Truth | null => read(truthFile(stateDir), StoredTruth);
export const writeTruth = (stateDir: string, truth: Truth): void => write(truthFile(stateDir), truth);

/** Absolute; null: nobody has chosen one. */
export const readFolder = (places: Places): string | null => read(folderFile(places), StoredFolder)?.folder ?? null;
export const writeFolder = (places: Places, folder: string): void => write(folderFile(places), { folder });

function read<T extends z.ZodType>(path: string, schema: T): z.infer<T> | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Renamed into place, so that a crash leaves the old or the new one. */
function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
