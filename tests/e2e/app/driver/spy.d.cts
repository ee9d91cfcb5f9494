/** What spy.cjs notes in Electron's main process. */
export interface Spied {
  readonly notices: string[];
  readonly opened: string[];
  tray(): { readonly image: string; readonly tooltip: string; readonly lines: string[] } | null;
  choose(label: string): void;
  pass(ms: number): void;
}
