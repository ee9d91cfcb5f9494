/** What people do to files. Paths are relative to the synced folder. */
export type Deed =
  /** Creates the file or writes it anew in place; with `size` it is filled up to as many bytes. */
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly size?: number }
  | { readonly do: 'append'; readonly path: string; readonly text: string }
  /** As editors do: into a temporary file that takes the name. */
  | { readonly do: 'save'; readonly path: string; readonly text: string; readonly temporary: string }
  /** As other editors do: the old file steps aside, the new one is written, the old one goes. */
  | { readonly do: 'backup-save'; readonly path: string; readonly text: string }
  /** With everything in it. */
  | { readonly do: 'delete'; readonly path: string }
  | { readonly do: 'move'; readonly path: string; readonly to: string }
  | { readonly do: 'swap'; readonly path: string; readonly with: string }
  | { readonly do: 'mkdir'; readonly path: string }
  /** The inner folder comes out and takes the outer one in. */
  | { readonly do: 'invert'; readonly path: string; readonly inner: string }
  /** A file becomes a folder with a file in it, a folder a file. */
  | { readonly do: 'retype'; readonly path: string; readonly text: string }
  | { readonly do: 'executable'; readonly path: string; readonly on: boolean }
  | { readonly do: 'touch'; readonly path: string; readonly mtimeMs: number }
  | { readonly do: 'lock'; readonly path: string; readonly on: boolean };

/** What happens to computers and to the server. */
export type Event =
  | { readonly do: 'kill' }
  | { readonly do: 'power-cut' }
  | { readonly do: 'start' }
  | { readonly do: 'sync-now' }
  | { readonly do: 'disk-full'; readonly on: boolean };

export type ServerEvent =
  | { readonly do: 'server-down' }
  | { readonly do: 'server-up' }
  | { readonly do: 'quota'; readonly on: boolean }
  | { readonly do: 'backup' }
  | { readonly do: 'restore' };

/** One thing that happens, after so many steps of the simulation; `quiet`: when nothing is left to do. */
export type Action = { readonly after: number | 'quiet' } & (
  | ({ readonly device: string } & (Deed | Event))
  | ServerEvent
);

export const isDeed = <T extends Deed | Event>(action: T): action is T & Deed =>
  !['kill', 'power-cut', 'start', 'sync-now', 'disk-full'].includes(action.do);
