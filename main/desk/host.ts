import type { Settings } from '../../shared/desktop/settings.ts';
import type { HostSlice } from '../../shared/desktop/snapshot.ts';

/** What the desk asks of whoever shows the window: the app, or the bridge to a browser. Paths are absolute. */
export interface Host {
  readonly slice: HostSlice;
  /** null, of all of these: this host cannot; the slice says so too. */
  readonly openFile: ((path: string) => Promise<void>) | null;
  readonly showFile: ((path: string) => Promise<void>) | null;
  readonly copyFiles: ((paths: readonly string[]) => Promise<void>) | null;
  readonly chooseFolder: (() => Promise<string | null>) | null;
  readonly showLogs: (() => Promise<void>) | null;
  /** Called at the start and after every change. */
  readonly onSettings: (settings: Settings) => void;
}
