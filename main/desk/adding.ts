import { createWriteStream } from 'node:fs';
import { link, mkdir, open, rename, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7 as uuidv7 } from 'uuid';
import type { NodeId } from '../../shared/ids.ts';
import { nameFault, withSuffix } from '../../shared/names.ts';
import { asDiskError } from '../engine/disk/diskError.ts';
import { errorCode } from '../engine/disk/filesystem.ts';
import { nodeFilesystem } from '../engine/disk/nodeFilesystem.ts';
import { isRealFolder, refusedHere } from '../engine/disk/paths.ts';
import { OWN_FOLDERS } from '../engine/disk/root.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { MESSAGES, Refusal } from './messages.ts';

/** A file that somebody brings into the folder. */
export interface Addition {
  /** null: the top. */
  readonly folder: NodeId | null;
  /** The folders it came in, then its name. */
  readonly path: readonly string[];
  /** Unix ms of its last change; null: not known. */
  readonly mtimeMs: number | null;
  readonly body: Readable;
}

const DEEPEST = 100;

/**
 * Puts a file into the synced folder, from where sync takes it as any other. It is written beside the person's files
 * first and gets its name when it is whole, so sync never sees half of it; and the name is taken only if nobody has it:
 * whatever lies there already stays, and the new one is called `name (2)`. Throws Refusal, DiskError.
 */
export async function addFile(insight: Insight, { folder, path, mtimeMs, body }: Addition): Promise<void> {
  const { root } = insight;
  if (root === null) throw new Refusal('not-running', MESSAGES.notRunning);
  const base = folder === null ? [] : insight.diskPath(folder);
  if (base === null) throw new Refusal('gone', MESSAGES.notHere);
  const names = path.map(usable);
  const name = names.pop();
  if (name === undefined || names.length > DEEPEST) throw new Refusal('refused', MESSAGES.malformed);
  const whole = join(root, ...OWN_FOLDERS.tmp, `adding-${uuidv7()}`);
  try {
    await pipeline(body, createWriteStream(whole, { flags: 'wx', flush: true }));
    if (mtimeMs !== null) await utimes(whole, new Date(), new Date(mtimeMs));
    const parent = await madeFolder(root, base, names);
    await giveName(whole, parent, name);
  } catch (error) {
    await unlink(whole).catch(() => undefined);
    throw error instanceof Refusal ? error : asDiskError(error, [...base, ...path].join('/'));
  }
}

function usable(name: string): string {
  const fault = nameFault(name.normalize('NFC')) ?? refusedHere(name);
  if (fault !== undefined) throw new Refusal('failed', MESSAGES.badName(name, fault));
  return name;
}

/** The folder below `base`, with what is missing of it made; never through a link. */
async function madeFolder(root: string, base: readonly string[], names: readonly string[]): Promise<string> {
  for (let depth = 1; depth <= names.length; depth += 1) {
    const at = [...base, ...names.slice(0, depth)];
    if (!(await isRealFolder(nodeFilesystem, root, at.slice(0, -1)))) throw new Refusal('gone', MESSAGES.notHere);
    try {
      await mkdir(join(root, ...at));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  const at = [...base, ...names];
  if (!(await isRealFolder(nodeFilesystem, root, at))) throw new Refusal('gone', MESSAGES.notHere);
  return join(root, ...at);
}

async function giveName(whole: string, folder: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const target = join(folder, attempt === 1 ? name : withSuffix(name, ` (${attempt})`));
    try {
      await link(whole, target);
      await unlink(whole);
      return;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      if (!NO_LINKS.has(errorCode(error) ?? '')) throw error;
    }
    if (await taken(target)) continue;
    await rename(whole, target);
    return;
  }
}

/** Disks without links; there the name is taken by an empty file first, which the whole one then replaces. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

async function taken(target: string): Promise<boolean> {
  try {
    await (await open(target, 'wx')).close();
    return false;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true;
    throw error;
  }
}
