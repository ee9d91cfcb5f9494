import { nameFault, OWN_FOLDER, wireName } from '../../../shared/names.ts';
import { asDiskError, diskErrorCode } from '../disk/diskError.ts';
import { errorCode, type Filesystem, isAbsence, isSyncable, type ListedName, type Sight } from '../disk/filesystem.ts';
import { type DiskNames, pathInside, shownPath } from '../disk/paths.ts';
import type { Root } from '../disk/root.ts';
import type { DiskStat } from '../model.ts';
import type { Ignores } from './ignore.ts';
import { wirePath } from './leftover.ts';

/** Something in a folder that can be a node. */
export interface Entry {
  /** Exactly as the disk has it. */
  readonly diskName: string;
  /** In wire form. */
  readonly name: string;
  /** Another entry of the folder is the same name in wire form, and goes by it. */
  readonly isTwin?: boolean;
  readonly stat: DiskStat;
  /** Why it is left alone unless it is synced already; null for everything else. Found out when first asked. */
  ignored(): string | null;
}

/** Something that is not synced and needs no mending. */
export interface Ignored {
  readonly name: string;
  readonly why: string;
}

/** Something that cannot be synced as it is; the message is one sentence with a next step. */
export interface ListFault {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export type FolderListing =
  | {
      readonly status: 'listed';
      readonly entries: readonly Entry[];
      readonly ignored: readonly Ignored[];
      readonly faults: readonly ListFault[];
      /** Wire names at which something lies that cannot be judged now: what is known there stays as it is. */
      readonly held: readonly string[];
    }
  | { readonly status: 'failed'; readonly reason: 'missing' | 'denied' | 'other'; readonly message: string };

/** What judging an entry depends on besides itself. */
export interface ListContext {
  readonly fs: Filesystem;
  readonly ignores: Ignores;
  readonly root: Root;
  /** The root's disk. */
  readonly dev: bigint;
}

/** Lists one folder. A folder that cannot be listed is an answer, not an exception. */
export async function listFolder(context: ListContext, folder: DiskNames): Promise<FolderListing> {
  let names: readonly ListedName[];
  try {
    names = await context.fs.list(pathInside(context.root.path, folder));
  } catch (error) {
    const reason = isAbsence(error) ? 'missing' : diskErrorCode(errorCode(error)) === 'denied' ? 'denied' : 'other';
    return { status: 'failed', reason, message: asDiskError(error, shownPath(folder)).message };
  }
  const entries: Entry[] = [];
  const ignored: Ignored[] = [];
  const faults: ListFault[] = [];
  const held: string[] = [];
  const at = wirePath(folder);
  for (const listed of names) {
    if (listed.name === OWN_FOLDER) continue;
    if (listed.sight === null) {
      faults.push(unseen(listed.name, listed.errorCode));
      if (listed.errorCode !== 'EILSEQ') held.push(wireName(listed.name));
      continue;
    }
    const judged = judge(context, at, listed.name, listed.sight);
    switch (judged.type) {
      case 'entry':
        entries.push(judged.entry);
        break;
      case 'ignored':
        ignored.push(judged.ignored);
        break;
      case 'mount':
        ignored.push({ name: listed.name, why: 'another disk is mounted there' });
        held.push(wireName(listed.name));
        break;
      case 'fault':
        faults.push(judged.fault);
        break;
    }
  }
  return { status: 'listed', entries, ignored, faults, held };
}

export type Judgement =
  | { readonly type: 'entry'; readonly entry: Entry }
  | { readonly type: 'ignored'; readonly ignored: Ignored }
  | { readonly type: 'mount' }
  | { readonly type: 'fault'; readonly fault: ListFault };

/** What a look at one name means; `folder` is the path of the folder in wire form. */
export function judge(
  { ignores, dev }: Pick<ListContext, 'ignores' | 'dev'>,
  folder: string,
  diskName: string,
  sight: Sight,
): Judgement {
  if (!isSyncable(sight)) return { type: 'ignored', ignored: { name: diskName, why: `it is a ${sight.kind}` } };
  if (sight.kind === 'folder' && sight.dev !== dev) return { type: 'mount' };
  const name = wireName(diskName);
  let reason: string | null | undefined;
  const ignored = (): string | null => {
    if (reason === undefined) reason = ignores.reason(folder === '' ? name : `${folder}/${name}`, sight.kind);
    return reason;
  };
  const clause = nameFault(name);
  if (clause !== undefined) {
    const why = ignored();
    if (why !== null) return { type: 'ignored', ignored: { name: diskName, why } };
    const message = `“${diskName}” cannot be synced, because ${clause}: rename it.`;
    return { type: 'fault', fault: { name: diskName, code: 'name-refused', message } };
  }
  return { type: 'entry', entry: { diskName, name, stat: sight, ignored } };
}

function unseen(name: string, nodeCode: string): ListFault {
  if (nodeCode === 'EILSEQ') {
    const message = `“${name}” cannot be synced, because its name is not valid Unicode: rename it.`;
    return { name, code: 'name-refused', message };
  }
  const error = asDiskError(Object.assign(new Error(nodeCode), { code: nodeCode }), name);
  return { name, code: error.code, message: error.message };
}
