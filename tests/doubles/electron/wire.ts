/**
 * Between the app's process and the desktop that a test plays for it. In Electron these are calls into its native half;
 * here they are messages, so that the app is a process of its own that can be started, killed and started again.
 */

/** What the desktop is like; fixed for the life of a process. */
export interface DesktopFacts {
  /** Where the app keeps what it keeps by itself: logs, and who is the first of its kind. */
  readonly userData: string;
  readonly dark: boolean;
  readonly onBattery: boolean;
  /** What keeps secrets here; `none`: nothing can. */
  readonly keyring: 'gnome_libsecret' | 'basic_text' | 'none';
}

/** Carries the facts to the process. */
export const FACTS_VARIABLE = 'DRIFTLESS_DESKTOP_DOUBLE';

export interface MenuLine {
  readonly type: 'line' | 'separator';
  readonly label: string;
  readonly enabled: boolean;
}

export interface ShownTray {
  readonly image: string;
  readonly tooltip: string;
  readonly menu: readonly MenuLine[];
}

/** What a window is made with, as far as Chromium has to know. */
export interface MadeWindow {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly preload: string;
}

export type WindowDeed = 'show' | 'hide' | 'minimize' | 'restore' | 'focus' | 'destroy' | 'reload';
export type WindowNews = 'ready-to-show' | 'did-finish-load' | 'close' | 'focus' | 'blur' | 'crashed';

export type ToDesktop =
  | { readonly type: 'second'; readonly argv: readonly string[] }
  | { readonly type: 'ready' }
  | { readonly type: 'window'; readonly made: MadeWindow }
  | { readonly type: 'load'; readonly id: number; readonly url: string }
  | { readonly type: 'deed'; readonly id: number; readonly deed: WindowDeed }
  | { readonly type: 'send'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly type: 'answer'; readonly ask: number; readonly value: unknown; readonly failed?: string }
  | { readonly type: 'tray'; readonly tray: ShownTray | null }
  | { readonly type: 'notification'; readonly id: number; readonly title: string; readonly body: string }
  | { readonly type: 'opened'; readonly how: 'path' | 'folder' | 'address'; readonly what: string }
  | { readonly type: 'dragged'; readonly files: readonly string[] }
  | { readonly type: 'theme'; readonly source: string };

export type ToApp =
  | { readonly type: 'request'; readonly ask: number; readonly method: string; readonly url: string }
  | {
      readonly type: 'ipc';
      /** null: nobody waits for an answer. */
      readonly ask: number | null;
      readonly id: number;
      readonly frame: { readonly url: string; readonly isMain: boolean };
      readonly channel: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'news'; readonly id: number; readonly news: WindowNews }
  /** Answered with whether it may. */
  | {
      readonly type: 'navigate';
      readonly ask: number;
      readonly id: number;
      readonly url: string;
      readonly main: boolean;
    }
  /** Answered with whether the page of this window has it. */
  | {
      readonly type: 'permission';
      readonly ask: number;
      readonly id: number;
      readonly permission: string;
      readonly url: string;
    }
  | { readonly type: 'open-window'; readonly ask: number; readonly id: number; readonly url: string }
  | { readonly type: 'menu'; readonly index: number }
  | { readonly type: 'tray-click' }
  | { readonly type: 'notification-click'; readonly id: number }
  | { readonly type: 'second-instance'; readonly argv: readonly string[] }
  | { readonly type: 'open-url'; readonly url: string }
  | { readonly type: 'power'; readonly event: string; readonly onBattery: boolean }
  | { readonly type: 'online'; readonly online: boolean }
  /** Lets all timers that wait at most so long, in ms, be due now. */
  | { readonly type: 'pass'; readonly ms: number };
