import type { BrowserWindowConstructorOptions } from 'electron';

export interface WindowLook {
  /** Absolute path of the bundled preload script. */
  readonly preload: string;
  readonly dark: boolean;
}

/**
 * The one description of a window. Every setting that guards the person is written out, default or not, so that
 * neither a new Electron nor a hurried edit changes one unseen.
 */
export function windowOptions({ preload, dark }: WindowLook): BrowserWindowConstructorOptions {
  return {
    title: 'Driftless',
    width: 1320,
    height: 840,
    minWidth: 360,
    minHeight: 420,
    show: false,
    autoHideMenuBar: true,
    // The page's own colour, so that nothing flashes before it is painted.
    backgroundColor: dark ? '#171716' : '#fcfcfb',
    webPreferences: {
      preload,
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
  };
}
