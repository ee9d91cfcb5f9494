import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things lie when nobody says otherwise: the XDG folders, on every platform alike. */
export interface Places {
  /** The folder that is kept in sync. */
  readonly folder: string;
  /** States of all engines of this person, a folder each. */
  readonly states: string;
  /** What the server on this computer keeps. */
  readonly serverData: string;
  /** How to reach that server: its port and this computer's token. */
  readonly home: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function placesFrom(env: Environment = process.env, home: string = homedir()): Places {
  const data = join(absolute(env.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'driftless');
  return {
    folder: join(home, 'Driftless'),
    states: join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'driftless'),
    serverData: join(data, 'server'),
    home: join(data, 'home.json'),
  };
}

/** The state of a folder nobody named one for: `default` for ~/Driftless, else a hash of its absolute path. */
export function stateDirFor(folder: string, places: Places): string {
  if (folder === places.folder) return join(places.states, 'default');
  return join(places.states, createHash('sha256').update(folder).digest('hex').slice(0, 16));
}

/** `~/Driftless` instead of `/home/ada/Driftless`. */
export function shortPath(path: string, home: string = homedir()): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** The XDG specification: a relative path there is invalid and ignored. */
const absolute = (path: string | undefined): string | undefined => (path?.startsWith('/') ? path : undefined);
