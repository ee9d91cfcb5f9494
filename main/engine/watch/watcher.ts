import { join, relative, sep } from 'node:path';
import { OWN_FOLDER } from '../../../shared/names.ts';
import { errorCode } from '../disk/filesystem.ts';
import type { Clock } from '../ports.ts';
import { Burst } from './burst.ts';
import { FolderWatcher } from './folderWatcher.ts';
import { tellsOfChanges } from './selfTest.ts';

export interface WatchFault {
  readonly code: 'watch-limit' | 'watch-failed' | 'watch-silent';
  /** Relative to the root: changes right inside it may go unseen. null: changes anywhere. */
  readonly folder: string | null;
  /** One sentence with a next step. */
  readonly message: string;
}

export interface WatchOptions {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly clock: Clock;
  /** Folders, relative to the root and separated by `/` (`''` is the root), in which something may have changed. */
  readonly onDirty: (folders: readonly string[] | 'all') => void;
  /** Changes may go unseen from now on: fall back to looking there from time to time. Told once for each folder. */
  readonly onFault: (fault: WatchFault) => void;
}

export interface FolderWatch {
  /** Resolves when all folders are watched, or on close. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Hints about where to look; never more than hints. Only folders are handed to chokidar, files are ignored by their
 * stats: its raw events name the folder in which something happened, which is all that is needed, at half the CPU time
 * of files watched one by one (measured with 10,000 changes).
 */
export function watchFolder({ root, clock, onDirty, onFault }: WatchOptions): FolderWatch {
  const own = join(root, OWN_FOLDER);
  const burst = new Burst(clock, onDirty);
  const told = new Set<string>();
  let left = false;

  /** The folder a path is, as a hint; undefined for the engine's own. */
  const hint = (path: string): string | undefined => {
    const inside = relative(root, path).split(sep).join('/');
    if (inside === '..' || inside.startsWith('../')) return undefined;
    return inside === OWN_FOLDER || inside.startsWith(`${OWN_FOLDER}/`) ? undefined : inside;
  };
  const note = (path: string): void => {
    const folder = hint(path);
    if (folder !== undefined) burst.add(folder);
  };

  const tell = (fault: WatchFault): void => {
    const key = `${fault.code} ${fault.folder ?? '/'}`;
    if (told.has(key)) return;
    told.add(key);
    onFault(fault);
  };

  const watcher = new FolderWatcher(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Its own idea of temporary files would leave folders such as `old~` unwatched.
    atomic: false,
    ignored: (path, stats) => path === own || (stats !== undefined && !stats.isDirectory()),
  });
  watcher.on('raw', (_event, name, details: unknown) => {
    const watched = watchedPath(details);
    if (watched === undefined || name === null || name === undefined) burst.addAll();
    else if (hint(join(watched, name)) !== undefined) note(join(watched, name, '..'));
  });
  // A new folder once more when it is watched: what was written into it before was told to nobody.
  watcher.on('addDir', note);
  watcher.on('unlinkDir', (path) => note(path === root ? root : join(path, '..')));
  watcher.on('error', (error) => {
    burst.addAll();
    tell(faultOf(error, hint));
  });
  const ready = Promise.withResolvers<void>();
  watcher.once('ready', ready.resolve);
  void ready.promise
    .then(() => (left ? true : tellsOfChanges(join(own, 'tmp'), clock)))
    .then((heard) => {
      if (!heard && !left) tell(SILENT);
    });
  return {
    ready: ready.promise,
    close: async () => {
      left = true;
      burst.end();
      ready.resolve();
      await watcher.close();
    },
  };
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return undefined;
  return typeof details.watchedPath === 'string' ? details.watchedPath : undefined;
}

/** Where it failed, as far as the error tells. */
function faultOf(error: unknown, hint: (path: string) => string | undefined): WatchFault {
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const folder = path === undefined ? null : (hint(path) ?? null);
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') {
    const message = `This system does not let more folders be watched, so ${LATE}: raise its limit (fs.inotify.max_user_watches on Linux) and restart Driftless.`;
    return { code: 'watch-limit', folder, message };
  }
  const reason = code ?? (error instanceof Error ? error.message : 'no reason given');
  const message = `Watching the folder failed (${reason}), so ${LATE}: restart Driftless.`;
  return { code: 'watch-failed', folder, message };
}

const LATE = 'changes are looked for every few minutes instead';

const SILENT: WatchFault = {
  code: 'watch-silent',
  folder: null,
  message: `This disk does not tell of changes, so ${LATE}: nothing need be done, or move the folder to a disk of this computer.`,
};
