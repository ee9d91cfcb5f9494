import { chosenSetup } from '../../main/desk/nothingKnown.ts';
import { DEFAULT_SETTINGS } from '../../shared/desktop/settings.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import { viewWith } from '../headless/view.ts';

const BY_TYPE = { image: 0, video: 0, audio: 0, scene: 0, project: 0, document: 0, other: 0 };

/** An app in which all is well and nothing is stored. */
export const calm = (more: Partial<Snapshot> = {}): Snapshot => ({
  host: {
    kind: 'app',
    platform: 'linux',
    version: '0.1.0',
    thumbnails: '/thumbnails/',
    contents: '/contents/',
    can: { openFiles: true, dragOut: true, copyFiles: true, chooseFolder: true, notify: true, startAtLogin: true },
  },
  sync: view('idle'),
  trouble: null,
  stopped: null,
  setup: chosenSetup('~/Driftless'),
  account: null,
  library: { revision: 1, files: 0, favourites: 0, trashed: 0, byType: BY_TYPE, recent: [], complete: true },
  storage: storage(0),
  transfers: { revision: 1, active: 0, waiting: 0, failed: 0, done: 0 },
  problems: { revision: 1, count: 0, conflicts: 0, heldDeletes: 0 },
  activity: { revision: 1 },
  settings: DEFAULT_SETTINGS,
  ...more,
});

export const view = (state: SyncView['state'], more: Partial<SyncView> = {}): SyncView => viewWith({ state, ...more });

/** Of a limit of 1,000 bytes. */
export const storage = (usedBytes: number, limitBytes: number | null = 1_000) => ({
  usedBytes,
  reservedBytes: 0,
  keptBytes: 0,
  limitBytes,
  byType: BY_TYPE,
});
