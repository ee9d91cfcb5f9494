import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { signInSite } from '../../headless/clerk/signInSite.ts';
import { SCHEME } from '../scheme.ts';

/** The page’s own origin: nothing of the window lies there, and nothing of it at the window’s. */
export const AUTH_ORIGIN = `${SCHEME}://auth`;
/** Kept apart from the window’s storage; in it Clerk knows this computer again. */
const PARTITION = 'persist:auth';

export interface AuthWindowParts {
  /** Absolute: the built pages. */
  readonly pages: string;
  readonly sessionOf: (partition: string) => Session;
  readonly open: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  /** Permissions and navigation of it, as everywhere in the app. */
  readonly guard: (session: Session) => void;
}

export interface Asked {
  readonly publishableKey: string;
  /** In a window that nobody sees: only who is known there still. */
  readonly quietly: boolean;
}

/** Signs a person in with Clerk in a window of its own, one at a time. */
export class AuthWindow {
  readonly #parts: AuthWindowParts;
  #leave: (() => void) | null = null;

  constructor(parts: AuthWindowParts) {
    this.#parts = parts;
  }

  /** Resolves to a token; null: the person closed the window, or is not known. */
  async signIn({ publishableKey, quietly }: Asked): Promise<string | null> {
    this.leave();
    const proof = Promise.withResolvers<string | null>();
    const session = this.#parts.sessionOf(PARTITION);
    this.#parts.guard(session);
    const site = signInSite({ pages: this.#parts.pages, publishableKey, keeps: true, quietly, onProof: proof.resolve });
    session.protocol.handle(SCHEME, (request) => {
      const url = new URL(request.url);
      return url.host === 'auth' ? site(url.pathname, request) : new Response(null, { status: 404 });
    });
    const window = this.#parts.open(authWindowOptions(session));
    this.#leave = () => proof.resolve(null);
    window.once('closed', this.#leave);
    if (!quietly) window.once('ready-to-show', () => window.show());
    try {
      await window.loadURL(`${AUTH_ORIGIN}/`);
      return await proof.promise;
    } finally {
      this.#leave = null;
      session.protocol.unhandle(SCHEME);
      if (!window.isDestroyed()) window.destroy();
    }
  }

  leave(): void {
    this.#leave?.();
  }
}

/** Without a preload script: the page can ask the app for nothing but what its own origin answers. */
export const authWindowOptions = (session: Session): BrowserWindowConstructorOptions => ({
  title: 'Sign in to Driftless',
  width: 480,
  height: 560,
  show: false,
  autoHideMenuBar: true,
  webPreferences: {
    session,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    plugins: false,
    safeDialogs: true,
    spellcheck: false,
    backgroundThrottling: true,
    devTools: false,
  },
});
