import { join } from 'node:path';
import { z } from 'zod';
import { OWN_FOLDER } from '../../../shared/names.ts';
import { asDiskError, diskErrorCode } from './diskError.ts';
import { errorCode, type Filesystem, isAbsence } from './filesystem.ts';

/** A folder that is kept in sync, as its marker identifies it. */
export interface Root {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly id: string;
  /** false where the disk has no executable bit: there a file never gains or loses it. */
  readonly executableBit: boolean;
}

export type RootFaultCode =
  | 'missing'
  | 'not-a-folder'
  | 'not-writable'
  | 'unmarked'
  | 'marker-unreadable'
  | 'other-marker';

/** Why a folder cannot be synced now; the message is one sentence with a next step. */
export interface RootFault {
  readonly code: RootFaultCode;
  readonly message: string;
}

export type RootOpening =
  | { readonly status: 'open'; readonly root: Root; readonly marked: 'before' | 'now' }
  | { readonly status: 'refused'; readonly fault: RootFault };

export const OWN_FOLDERS = {
  tmp: [OWN_FOLDER, 'tmp'],
  undo: [OWN_FOLDER, 'undo'],
} as const;

/** Same disk as the folder, so that a finished download moves into place by one rename. */
export const tmpFolder = (root: Root): string => join(root.path, ...OWN_FOLDERS.tmp);
export const undoFolder = (root: Root): string => join(root.path, ...OWN_FOLDERS.undo);

const Marker = z.object({ id: z.uuid(), version: z.literal(1) });

/**
 * Opens the folder. A folder without a marker gets one when `newId` makes ids, and is refused as `unmarked` without it:
 * a marker that is gone from a folder known before means that this is not that folder.
 */
export async function openRoot(fs: Filesystem, folder: string, newId: (() => string) | null): Promise<RootOpening> {
  let path: string;
  try {
    path = await fs.realpath(folder);
  } catch (error) {
    if (isAbsence(error)) return refused('missing', folder);
    throw asDiskError(error, folder);
  }
  if ((await fs.lstat(path))?.kind !== 'folder') return refused('not-a-folder', folder);

  const marker = await readMarker(fs, path);
  if (marker === 'unreadable') return refused('marker-unreadable', folder);
  if (marker === 'absent' && newId === null) return refused('unmarked', folder);
  try {
    await makeOwnFolders(fs, path);
    const executableBit = await probe(fs, path);
    if (marker !== 'absent') return { status: 'open', root: { path, id: marker.id, executableBit }, marked: 'before' };
    const id = newId === null ? '' : newId();
    await writeMarker(fs, path, id);
    return { status: 'open', root: { path, id, executableBit }, marked: 'now' };
  } catch (error) {
    if (diskErrorCode(errorCode(error)) === 'denied' || errorCode(error) === 'ENOTDIR')
      return refused('not-writable', folder);
    throw asDiskError(error, folder);
  }
}

/**
 * Whether the root is still the folder that was opened, and on which disk it lies. Asked before anything is believed to
 * be gone: an unmounted disk leaves an empty folder behind.
 */
export async function checkRoot(
  fs: Filesystem,
  root: Root,
): Promise<
  { readonly status: 'there'; readonly dev: bigint } | { readonly status: 'refused'; readonly fault: RootFault }
> {
  const sight = await fs.lstat(root.path);
  if (sight === undefined) return refused('missing', root.path);
  if (sight.kind !== 'folder') return refused('not-a-folder', root.path);
  const marker = await readMarker(fs, root.path);
  if (marker === 'absent') return refused('unmarked', root.path);
  if (marker === 'unreadable') return refused('marker-unreadable', root.path);
  if (marker.id !== root.id) return refused('other-marker', root.path);
  return { status: 'there', dev: sight.dev };
}

async function readMarker(fs: Filesystem, path: string): Promise<z.infer<typeof Marker> | 'absent' | 'unreadable'> {
  let text: string;
  try {
    text = await fs.readText(join(path, OWN_FOLDER, 'folder.json'));
  } catch (error) {
    return isAbsence(error) ? 'absent' : 'unreadable';
  }
  try {
    return Marker.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

/** Written aside first: a crash must not leave half a marker. */
async function writeMarker(fs: Filesystem, path: string, id: string): Promise<void> {
  const own = join(path, OWN_FOLDER);
  const aside = join(own, 'tmp', 'folder.json');
  await unlinkIfThere(fs, aside);
  await fs.writeText(aside, `${JSON.stringify({ id, version: 1 })}\n`);
  await fs.rename(aside, join(own, 'folder.json'));
  await fs.syncFolder(own);
  await fs.syncFolder(path);
}

async function makeOwnFolders(fs: Filesystem, path: string): Promise<void> {
  for (const names of [[OWN_FOLDER], OWN_FOLDERS.tmp, OWN_FOLDERS.undo]) {
    const folder = join(path, ...names);
    const sight = await fs.lstat(folder);
    if (sight === undefined) await fs.mkdir(folder, 0o700);
    else if (sight.kind !== 'folder') throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  }
}

/** Proves that the folder can be written, and tells whether its disk has an executable bit. */
async function probe(fs: Filesystem, path: string): Promise<boolean> {
  const file = join(path, ...OWN_FOLDERS.tmp, 'probe');
  await unlinkIfThere(fs, file);
  await fs.writeText(file, '');
  try {
    const before = await fs.lstat(file);
    try {
      await fs.setExecutable(file, true);
    } catch {
      return false;
    }
    const after = await fs.lstat(file);
    return before?.kind === 'file' && after?.kind === 'file' && !before.executable && after.executable;
  } finally {
    await fs.unlink(file);
  }
}

async function unlinkIfThere(fs: Filesystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

function refused(code: RootFaultCode, folder: string): { readonly status: 'refused'; readonly fault: RootFault } {
  return { status: 'refused', fault: { code, message: sentence(code, folder) } };
}

function sentence(code: RootFaultCode, folder: string): string {
  switch (code) {
    case 'missing':
      return `The folder ${folder} is not there: connect its disk or choose another folder.`;
    case 'not-a-folder':
      return `${folder} is not a folder: choose another one.`;
    case 'not-writable':
      return `Nothing can be written in ${folder}: check its permissions or choose another folder.`;
    case 'unmarked':
      return `The folder ${folder} has lost its .driftless marker: if its disk is not connected, connect it; otherwise add the folder again.`;
    case 'marker-unreadable':
      return `The marker .driftless/folder.json in ${folder} cannot be read: restore it or add the folder again.`;
    case 'other-marker':
      return `${folder} is another folder than the one synced before: put that one back or add this one anew.`;
  }
}
