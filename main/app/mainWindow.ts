import type { BrowserWindow } from 'electron';
import type { ShowRequest } from '../../shared/desktop/window.ts';
import type { OnClose } from './desktop/closing.ts';
import { recovery } from './recovery.ts';

export interface MainWindowParts {
  /** A window that is not shown yet and has begun to load the page. */
  make(): BrowserWindow;
  onClose(): OnClose;
  /** The person closed it, and the app goes on without it. */
  closed(): void;
  /** Tells the page what to show. */
  tell(window: BrowserWindow, what: ShowRequest): void;
  /** Loads what is shown instead of a page that crashes again and again. */
  giveUp(window: BrowserWindow): void;
  /** Unix ms. */
  now(): number;
  /** Runs once, after so many ms; returns how to cancel. */
  after(ms: number, run: () => void): () => void;
}

/** A closed window comes back at once for so long, in ms; then it costs nothing any more. */
export const KEPT_MS = 5 * 60_000;

/** The one window: there, hidden, or not there. Closing it does not end the app. */
export class MainWindow {
  readonly #parts: MainWindowParts;
  #window: BrowserWindow | null = null;
  /** What the page is to show first. */
  #wanted: ShowRequest | null = null;
  /** The page that is there now hears what it is told to show. */
  #listens = false;
  #forget: (() => void) | null = null;
  #leaving = false;

  constructor(parts: MainWindowParts) {
    this.#parts = parts;
  }

  get now(): BrowserWindow | null {
    return this.#window;
  }

  get inFront(): boolean {
    return this.#window?.isFocused() ?? false;
  }

  /** Shows the window, made anew where it is gone, and in it what was asked for. */
  show(what: ShowRequest | null = null): void {
    this.#wanted = what ?? this.#wanted;
    this.#forget?.();
    this.#forget = null;
    if (this.#window === null) this.#open();
    else {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      this.#tellWanted();
    }
  }

  /** The page says that it can be told what to show. */
  listens(): void {
    this.#listens = true;
    this.#tellWanted();
  }

  /** From now on closing is closing. */
  leave(): void {
    this.#leaving = true;
    this.#forget?.();
  }

  #tellWanted(): void {
    if (this.#wanted === null || this.#window === null || !this.#listens) return;
    this.#parts.tell(this.#window, this.#wanted);
    this.#wanted = null;
  }

  #open(): void {
    const opened = this.#parts.make();
    const { webContents } = opened;
    this.#window = opened;
    const back = recovery({
      reload: () => webContents.reload(),
      giveUp: () => this.#parts.giveUp(opened),
      now: this.#parts.now,
      after: this.#parts.after,
    });
    this.#listens = false;
    webContents.on('did-navigate', () => {
      this.#listens = false;
    });
    webContents.on('render-process-gone', (_event, { reason }) => {
      this.#listens = false;
      if (reason === 'clean-exit') return;
      // Nobody looks at it, so it need not come back before somebody does.
      if (opened.isVisible() || opened.isMinimized()) back.crashed();
      else opened.destroy();
    });
    opened.once('ready-to-show', () => opened.show());
    opened.once('closed', () => {
      back.forget();
      this.#forget?.();
      this.#forget = null;
      this.#window = null;
    });
    opened.on('close', (event) => {
      if (this.#leaving) return;
      event.preventDefault();
      this.#putAway(opened);
    });
  }

  #putAway(window: BrowserWindow): void {
    switch (this.#parts.onClose()) {
      case 'minimise':
        window.minimize();
        break;
      case 'hide':
        window.hide();
        this.#forget = this.#parts.after(KEPT_MS, () => window.destroy());
        break;
    }
    this.#parts.closed();
  }
}
