import type { FileType } from '../fileTypes.ts';
import type { NodeId } from '../ids.ts';
import type { Settings } from './settings.ts';
import type { SyncView } from './view.ts';

/**
 * How everything stands, in slices. It holds no list: lists are as long as the library, so the window reads the part
 * that it shows. A slice's `revision` tells that what was read of it may have changed.
 */
export interface Snapshot {
  readonly host: HostSlice;
  /** null until the engine has said how it stands. */
  readonly sync: SyncView | null;
  /** What keeps the engine or the server from running: one sentence with a next step. */
  readonly trouble: string | null;
  /** What has been given up after it stopped again and again: a person may have it started once more. */
  readonly stopped: 'engine' | 'server' | null;
  readonly setup: SetupSlice;
  readonly account: AccountSlice | null;
  readonly library: LibrarySlice;
  readonly storage: StorageSlice | null;
  readonly transfers: TransfersSlice;
  readonly problems: ProblemsSlice;
  readonly activity: { readonly revision: number };
  readonly settings: Settings;
}

/** Numbered from 1 after a snapshot; a gap means that one was lost, and the window asks for a snapshot again. */
export interface Delta {
  readonly n: number;
  /** Whole slices that are different now. */
  readonly slices: Partial<Snapshot>;
}

/** Sent first, and whenever the window asks; deltas count on from its `n`. */
export interface NumberedSnapshot {
  readonly n: number;
  readonly snapshot: Snapshot;
}

/** What this host can do, and where it serves bytes. */
export interface HostSlice {
  readonly kind: 'app' | 'browser';
  readonly platform: 'linux' | 'mac' | 'windows';
  readonly version: string;
  /** `<thumbnails><contentId>?size=256` is a picture. */
  readonly thumbnails: string;
  /** `<contents><nodeId>` is a file's bytes, from an origin in which nothing of it can reach the window. */
  readonly contents: string;
  readonly can: {
    /** Show a file in the system's file manager, open it with its program. */
    readonly openFiles: boolean;
    /** Drag real files out of the window. */
    readonly dragOut: boolean;
    readonly copyFiles: boolean;
    readonly chooseFolder: boolean;
    readonly notify: boolean;
    readonly startAtLogin: boolean;
  };
}

/** `needed`: the person has not chosen yet where the folder lies and which server holds the truth, or is signed out. */
export interface SetupSlice {
  readonly needed: boolean;
  /** The synced folder, shortened for reading; what setup proposes while it is needed. */
  readonly folder: string;
  /** Why it is asked again, as one sentence with a next step; null: nobody ever chose. */
  readonly message: string | null;
  /** The server that one was signed in to last; null: none, or the one on this computer. */
  readonly server: string | null;
  /** A page of its own that waits for the person to sign in there; null: none does, or the app shows it by itself. */
  readonly signInPage: string | null;
}

export interface AccountSlice {
  readonly name: string;
  /** Shortened for reading. */
  readonly server: string;
  /** The server that runs on this computer for it. */
  readonly own: boolean;
  readonly device: string;
  readonly plan: string;
  /** How this server lets people in besides codes; the publishable key where Clerk is one of them. */
  readonly clerkKey: string | null;
  /** Signed out by the server: one sentence with a next step. */
  readonly signInAgain: string | null;
}

/** How many of the files added last the tray's menu lists. */
export const RECENT_SHOWN = 5;

export interface LibrarySlice {
  readonly revision: number;
  readonly files: number;
  readonly favourites: number;
  readonly trashed: number;
  readonly byType: Readonly<Record<FileType, number>>;
  /** The files added last, newest first; at most {@link RECENT_SHOWN}. */
  readonly recent: readonly { readonly id: NodeId; readonly name: string }[];
  /** Everything that the server has is known here; until then lists grow. */
  readonly complete: boolean;
}

export interface StorageSlice {
  readonly usedBytes: number;
  readonly reservedBytes: number;
  readonly keptBytes: number;
  /** null: unlimited. */
  readonly limitBytes: number | null;
  readonly byType: Readonly<Record<FileType, number>>;
}

export interface TransfersSlice {
  readonly revision: number;
  readonly active: number;
  readonly waiting: number;
  readonly failed: number;
  readonly done: number;
}

export interface ProblemsSlice {
  readonly revision: number;
  readonly count: number;
  readonly conflicts: number;
  readonly heldDeletes: number;
}
