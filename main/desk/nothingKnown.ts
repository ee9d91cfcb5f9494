import { DEFAULT_SETTINGS } from '../../shared/desktop/settings.ts';
import type { HostSlice, SetupSlice, Snapshot } from '../../shared/desktop/snapshot.ts';

const BY_TYPE = { image: 0, video: 0, audio: 0, scene: 0, project: 0, document: 0, other: 0 };

/** Before an engine has said anything. */
export const nothingKnown = (host: HostSlice, setup: SetupSlice): Snapshot => ({
  host,
  sync: null,
  trouble: null,
  stopped: null,
  setup,
  account: null,
  library: { revision: 0, files: 0, favourites: 0, trashed: 0, byType: BY_TYPE, recent: [], complete: false },
  storage: null,
  transfers: { revision: 0, active: 0, waiting: 0, failed: 0, done: 0 },
  problems: { revision: 0, count: 0, conflicts: 0, heldDeletes: 0 },
  activity: { revision: 0 },
  settings: DEFAULT_SETTINGS,
});

/** All is chosen. */
export const chosenSetup = (folder: string): SetupSlice => ({
  ...{ needed: false, folder, message: null, server: null, signInPage: null },
});
