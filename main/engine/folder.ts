import { EngineError } from './api.ts';
import { DiskError } from './disk/diskError.ts';
import type { Filesystem } from './disk/filesystem.ts';
import { openRoot, type Root, type RootFault } from './disk/root.ts';
import type { Random } from './ports.ts';
import type { State } from './store/state.ts';

/**
 * Opens the folder that this state belongs to; the first time the folder gets its marker. Throws EngineError when it is
 * not there, cannot be written, or is another one.
 */
export async function openFolder(fs: Filesystem, random: Random, folder: string, state: State): Promise<Root> {
  const known = state.settings.get('folderId');
  const opening = await openRoot(fs, folder, known === null ? () => random.nodeId() : null).catch(unusable);
  if (opening.status === 'refused') throw refusal(opening.fault);
  if (known !== null && known !== opening.root.id) {
    throw new EngineError(
      'folder-other-marker',
      `${folder} is another folder than the one synced with this state: choose that folder, or another --state.`,
    );
  }
  state.settings.set({ folderId: opening.root.id });
  return opening.root;
}

/** A disk that is full, or fails: whoever starts the engine is told in words, as of every other hindrance. */
function unusable(error: unknown): never {
  throw error instanceof DiskError ? new EngineError('folder-not-writable', error.message) : error;
}

function refusal({ code, message }: RootFault): EngineError {
  switch (code) {
    case 'missing':
    case 'not-a-folder':
      return new EngineError('folder-missing', message);
    case 'not-writable':
      return new EngineError('folder-not-writable', message);
    case 'unmarked':
    case 'marker-unreadable':
    case 'other-marker':
      return new EngineError('folder-other-marker', message);
  }
}
