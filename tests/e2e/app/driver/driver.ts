import type { Page } from 'playwright';

/** What a person meets of the app, and what may befall it: the same on the double and on Electron itself. */
export interface AppDriver {
  /** Home of this desktop; below it lies all that the app keeps. */
  readonly home: string;
  /** What this one cannot do; steps that need it are left out. */
  readonly lacks: ReadonlySet<Ability>;
  start(args?: readonly string[]): Promise<void>;
  /** Starts the app once more beside the one that runs; resolves when that has ended. */
  startBeside(args?: readonly string[]): Promise<void>;
  /** The window's page; null: there is no window, or its process is gone. */
  readonly page: Page | null;
  /** null: there is none. */
  window(): Promise<'shown' | 'hidden' | 'minimised' | null>;
  /** The close button. */
  closeWindow(): Promise<void>;
  crashPage(): Promise<void>;
  /** Drops files of the disk onto the middle of the window. */
  drop(paths: readonly string[]): Promise<void>;
  /** null: no tray is shown. */
  tray(): Promise<Tray | null>;
  /** Chooses a line of the tray's menu by how it begins. */
  choose(label: string): Promise<void>;
  /** Bodies of all notices so far. */
  notices(): Promise<readonly string[]>;
  /** What was handed to other programs: paths and addresses. */
  opened(): Promise<readonly string[]>;
  power(onBattery: boolean): Promise<void>;
  /** Waits of the app's own of at most so long, in ms, are over. */
  pass(ms: number): Promise<void>;
  /** Ends one of its processes as a crash would. */
  kill(program: 'engine' | 'server'): Promise<void>;
  openLink(address: string): Promise<void>;
  /** Whether the app is still there. */
  readonly running: boolean;
  close(): Promise<void>;
  /** What pages and app complained of. */
  readonly faults: readonly string[];
}

export type Ability = 'tray' | 'time' | 'power' | 'crashed page';

export interface Tray {
  /** Which of the icons: `ok`, `syncing`, `paused`, `attention`, `offline`. */
  readonly icon: string;
  readonly tooltip: string;
  readonly lines: readonly string[];
}

export interface DriverOptions {
  readonly home: string;
  readonly tray: boolean;
  readonly keyring?: 'gnome_libsecret' | 'basic_text' | 'none';
}

/** `main/app/icons/png/tray-ok.png` is `ok`. */
export const iconIn = (path: string): string => /tray-([a-z]+)(-Template)?\.png$/.exec(path)?.[1] ?? path;
