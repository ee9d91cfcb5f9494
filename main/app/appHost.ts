import manifest from '../../package.json' with { type: 'json' };
import type { Settings } from '../../shared/desktop/settings.ts';
import type { HostSlice } from '../../shared/desktop/snapshot.ts';
import type { Host } from '../desk/host.ts';
import { MESSAGES, Refusal } from '../desk/messages.ts';
import type { Favour, FavourAnswer } from './engineMessages.ts';

const PLATFORMS: Partial<Record<NodeJS.Platform, HostSlice['platform']>> = { darwin: 'mac', win32: 'windows' };

/** What the app can do. `contents`: prefix of addresses of bytes; null: not served yet. */
export const appSlice = (contents: string | null): HostSlice => ({
  kind: 'app',
  platform: PLATFORMS[process.platform] ?? 'linux',
  version: manifest.version,
  thumbnails: contents === null ? '' : `${contents}thumbnails/`,
  contents: contents ?? '',
  can: {
    openFiles: true,
    dragOut: true,
    // Electron's clipboard takes what pages may write, and no files.
    copyFiles: false,
    chooseFolder: true,
    notify: true,
    startAtLogin: true,
  },
});

export interface AppHostOptions {
  readonly contents: () => string;
  readonly favour: <F extends Favour>(favour: F) => Promise<FavourAnswer<F>>;
  readonly onSettings: (settings: Settings) => void;
}

/** The app as the desk sees it from the engine's process: whatever needs Electron is asked of the main process. */
export function appHost({ contents, favour, onSettings }: AppHostOptions): Host {
  const done = async (wanted: Extract<Favour, { do: 'open' | 'show' | 'show-logs' }>): Promise<void> => {
    if (!(await favour(wanted))) throw new Refusal('failed', MESSAGES.failed);
  };
  return {
    get slice() {
      return appSlice(contents());
    },
    openFile: (path) => done({ do: 'open', path }),
    showFile: (path) => done({ do: 'show', path }),
    copyFiles: null,
    chooseFolder: () => favour({ do: 'choose-folder' }),
    showLogs: () => done({ do: 'show-logs' }),
    onSettings,
  };
}
