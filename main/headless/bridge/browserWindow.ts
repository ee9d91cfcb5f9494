import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { HostSlice } from '../../../shared/desktop/snapshot.ts';
import { type Desk, openDesk } from '../../desk/desk.ts';
import type { Host } from '../../desk/host.ts';
import type { EngineOptions } from '../../engine/api.ts';
import { Thumbnails } from '../../library/thumbnails.ts';
import { shortPath } from '../places.ts';
import type { Session } from '../session.ts';
import { type Bridge, openBridge } from './bridge.ts';
import type { PageFiles } from './page.ts';

export interface BrowserWindow {
  /** A new address, good once. */
  address(): string;
  /** The engine has been opened: from here on there is something to see. */
  opened(session: Session): void;
  close(): Promise<void>;
}

export interface BrowserWindowOptions {
  readonly port: number;
  readonly options: EngineOptions;
  readonly ownServer: boolean;
  readonly files: PageFiles;
  /** There is a screen here that belongs to whoever looks at the page. */
  readonly display: boolean;
  /** A sentence for whoever looks at the terminal. */
  note(sentence: string): void;
}

/** What `npm run build` makes, seen from out/main. */
export const pageFilesIn = (bundleDir: string): PageFiles => ({
  renderer: join(bundleDir, '..', 'renderer'),
  script: join(bundleDir, '..', 'preload', 'browser.cjs'),
});

/** The window in a browser on this computer. Rejects when the port is taken. */
export async function openBrowserWindow(given: BrowserWindowOptions): Promise<BrowserWindow> {
  const bridge = await openBridge({ port: given.port, files: given.files });
  let desk: Desk | null = null;
  return {
    address: () => bridge.address(),
    opened(session) {
      session.windowAddress = () => bridge.address();
      try {
        show(session);
      } catch {
        given.note('The window cannot read its library, sync goes on without it: check the disk that holds the state.');
      }
    },
    async close() {
      await bridge.close();
      desk?.close();
    },
  };

  function show(session: Session): void {
    const { options, ownServer, display } = given;
    const { insight } = session.engine;
    const host = browserHost(bridge, display);
    desk = openDesk({ session, options, host, ownServer, shortPath });
    const { library } = desk;
    const thumbnails = new Thumbnails({
      folder: join(options.stateDir, 'thumbnails'),
      insight,
      nodeWith: (contentId) => library.withContent(contentId),
    });
    bridge.show({ desk, insight, thumbnails });
  }
}

function browserHost(bridge: Bridge, display: boolean): Host {
  const isLinuxDesktop = display && process.platform === 'linux';
  const open = (path: string): Promise<void> => run('xdg-open', path);
  return {
    get slice(): HostSlice {
      return {
        kind: 'browser',
        platform: PLATFORMS[process.platform] ?? 'linux',
        version: manifest.version,
        thumbnails: bridge.thumbnails,
        contents: bridge.contents(),
        can: {
          openFiles: isLinuxDesktop,
          dragOut: false,
          copyFiles: false,
          chooseFolder: false,
          notify: false,
          startAtLogin: false,
        },
      };
    },
    openFile: isLinuxDesktop ? open : null,
    showFile: isLinuxDesktop ? (path) => open(dirname(path)) : null,
    copyFiles: null,
    chooseFolder: null,
    showLogs: null,
    onSettings: () => undefined,
  };
}

const PLATFORMS: Partial<Record<NodeJS.Platform, HostSlice['platform']>> = { darwin: 'mac', win32: 'windows' };

/** Lets a program of the desktop begin, and does not wait for its end. */
export function run(program: string, argument: string): Promise<void> {
  return new Promise((begun, failed) => {
    const child = spawn(program, [argument], { stdio: 'ignore', detached: true });
    child.once('error', failed);
    child.once('spawn', () => {
      child.unref();
      begun();
    });
  });
}
