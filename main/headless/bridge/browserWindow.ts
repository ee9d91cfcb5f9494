import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { HostSlice } from '../../../shared/desktop/snapshot.ts';
import type { Facing } from '../../desk/front.ts';
import type { Host } from '../../desk/host.ts';
import { Thumbnails } from '../../library/thumbnails.ts';
import type { Shown } from '../station/station.ts';
import { type Bridge, openBridge } from './bridge.ts';
import type { PageFiles } from './page.ts';

export interface BrowserWindow {
  /** A new address, good once. */
  address(): string;
  readonly host: Host;
  /** What pages are to see, as soon as there is something. */
  face(front: Facing): void;
  /** Lets pages in, though there is no session to look at. */
  open(): void;
  /** A session can be looked at; returns how to look away from it. */
  show(shown: Shown): () => void;
  close(): Promise<void>;
}

export interface BrowserWindowOptions {
  readonly port: number;
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
export async function openBrowserWindow({ port, files, display, note }: BrowserWindowOptions): Promise<BrowserWindow> {
  const bridge = await openBridge({ port, files });
  const nothing = { insight: null, thumbnails: null };
  let facing: Facing | null = null;
  return {
    address: () => bridge.address(),
    host: browserHost(bridge, display),
    face(front) {
      facing = front;
    },
    open() {
      if (facing) bridge.show({ desk: facing, ...nothing });
    },
    show({ session, desk, options }) {
      session.windowAddress = () => bridge.address();
      if (desk === null)
        note('The window cannot read its library, sync goes on without it: check the disk that holds the state.');
      const { insight } = session.engine;
      const thumbnails =
        desk &&
        new Thumbnails({
          folder: join(options.stateDir, 'thumbnails'),
          insight,
          nodeWith: (contentId) => desk.library.withContent(contentId),
        });
      if (facing) bridge.show({ desk: facing, insight, thumbnails });
      return () => {
        if (facing) bridge.show({ desk: facing, ...nothing });
      };
    },
    close: () => bridge.close(),
  };
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
