import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MiB } from '../../../shared/bytes.ts';
import { OWN_FOLDER } from '../../../shared/names.ts';

export type Entry =
  | { readonly kind: 'folder' }
  | {
      readonly kind: 'file';
      readonly size: number;
      readonly sha256: string;
      /** Whole milliseconds: finer times do not travel. */
      readonly mtimeMs: number;
      readonly executable: boolean;
    };

/** What a folder holds, by path relative to it; Driftless's own folder is left out. */
export type Tree = ReadonlyMap<string, Entry>;

const piece = Buffer.allocUnsafe(MiB);

export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

export function readTree(folder: string): Tree {
  const tree = new Map<string, Entry>();
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(folder, relative)).sort()) {
      if (relative === '' && name === OWN_FOLDER) continue;
      const path = relative === '' ? name : `${relative}/${name}`;
      const stat = statSync(join(folder, path), { bigint: true });
      if (stat.isDirectory()) {
        tree.set(path, { kind: 'folder' });
        walk(path);
      } else {
        tree.set(path, {
          kind: 'file',
          size: Number(stat.size),
          sha256: sha256Of(join(folder, path)),
          mtimeMs: Number(stat.mtimeNs / 1_000_000n),
          executable: (stat.mode & 0o100n) !== 0n,
        });
      }
    }
  };
  walk('');
  return tree;
}

/** Every difference between two trees as a sentence; empty when they agree in names, bytes, times and executable bits. */
export function differences(one: Tree, other: Tree): readonly string[] {
  const found: string[] = [];
  for (const [path, entry] of one) {
    const twin = other.get(path);
    if (twin === undefined) found.push(`${path}: only on the first side`);
    else if (entry.kind === 'folder' || twin.kind === 'folder') {
      if (entry.kind !== twin.kind)
        found.push(`${path}: a ${entry.kind} on the first side, a ${twin.kind} on the other`);
    } else {
      if (entry.sha256 !== twin.sha256) found.push(`${path}: other bytes (${entry.size} B and ${twin.size} B)`);
      if (entry.mtimeMs !== twin.mtimeMs) found.push(`${path}: mtime ${entry.mtimeMs} and ${twin.mtimeMs}`);
      if (entry.executable !== twin.executable) found.push(`${path}: executable on one side only`);
    }
  }
  for (const path of other.keys()) if (!one.has(path)) found.push(`${path}: only on the other side`);
  return found;
}

/** Paths of the files of a tree, sorted. */
export const filesOf = (tree: Tree): readonly string[] =>
  [...tree].filter(([, entry]) => entry.kind === 'file').map(([path]) => path);
