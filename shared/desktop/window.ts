import type { NodeId } from '../ids.ts';
import type { Answer, CommandName, Input, Outcome } from './commands.ts';
import type { Delta, NumberedSnapshot } from './snapshot.ts';

/** Something dropped or chosen: `path` are the folders it came in, then its name. */
export interface AddedFile {
  readonly file: File;
  readonly path: readonly string[];
}

/** `window.driftless`: all that the window knows of the world, the same in the app and in a browser. */
export interface DriftlessWindow {
  /** Calls back with a snapshot first, then with deltas; returns how to stop. */
  follow(listener: (message: NumberedSnapshot | Delta) => void): () => void;
  /** Makes the followers hear a snapshot again. */
  resync(): void;
  ask<C extends CommandName>(command: C, input: Input<C>): Promise<Outcome<Answer<C>>>;
  /** Brings files into a folder (null: the top). `done` hears how many have arrived. */
  addFiles(
    files: readonly AddedFile[],
    folder: NodeId | null,
    done: (count: number) => void,
  ): Promise<Outcome<{ readonly added: number }>>;
  /** Begins to drag real files out of the window; does nothing where the host cannot. */
  dragOut(ids: readonly NodeId[]): void;
  /** What the app asks of the window: a menu's or a tray's choice. */
  onShow(listener: (what: ShowRequest) => void): () => void;
}

export type ShowRequest =
  | { readonly show: 'library' | 'transfers' | 'problems' | 'activity' | 'trash' | 'settings' }
  | { readonly show: 'item'; readonly id: NodeId };
