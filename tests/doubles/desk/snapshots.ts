import { DEFAULT_SETTINGS } from '../../../shared/desktop/settings.ts';
import type { AccountSlice, LibrarySlice, Snapshot, StorageSlice } from '../../../shared/desktop/snapshot.ts';
import type { SyncView } from '../../../shared/desktop/view.ts';
import { FILE_TYPES, type FileType } from '../../../shared/fileTypes.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

const GIB = 1024 ** 3;

export function firstSnapshot(scenario: Scenario, world: World): Snapshot {
  const { state, host, problems } = scenario;
  const app = host === 'app';
  return {
    host: {
      kind: host,
      platform: 'linux',
      version: '0.1.0',
      thumbnails: '/thumbnails/',
      contents: '/contents/',
      can: {
        openFiles: app,
        dragOut: app,
        copyFiles: app,
        chooseFolder: app,
        notify: app,
        startAtLogin: app,
      },
    },
    sync: state === 'engine-gone' ? null : syncView(scenario),
    trouble:
      state === 'engine-gone'
        ? 'The sync engine stopped three times in a row: restart Driftless, or copy a report.'
        : null,
    stopped: null,
    setup: {
      ...{ folder: '~/Driftless', message: null, server: null, signInPage: null },
      needed: state === 'first-run',
    },
    account: state === 'first-run' ? null : account(state === 'signed-out', scenario.own),
    library: libraryWith(world, 1),
    storage: storage(scenario.full),
    transfers: transfersOf(scenario),
    problems: {
      revision: 1,
      count: problems ? 6 + scenario.manyProblems : 0,
      conflicts: problems ? 2 : 0,
      heldDeletes: problems ? 1_240 : 0,
    },
    activity: { revision: 1 },
    settings: { ...DEFAULT_SETTINGS, appearance: scenario.appearance },
  };
}

export function libraryWith(world: World, revision: number): LibrarySlice {
  const byType = Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, 0])) as Record<FileType, number>;
  let files = 0;
  let favourites = 0;
  let trashed = 0;
  for (const node of world.nodes) {
    if (node.trashedAt !== null) trashed += 1;
    else if (node.kind === 'file') {
      files += 1;
      byType[node.type] += 1;
      if (node.favourite) favourites += 1;
    }
  }
  return { revision, files, favourites, trashed, byType, recent: [], complete: true };
}

const account = (signedOut: boolean, own: boolean): AccountSlice => ({
  name: 'rosa@example.org',
  server: own ? 'This computer' : 'files.example.org',
  own,
  device: 'Studio Mac',
  plan: 'Free',
  clerkKey: null,
  signInAgain: signedOut ? 'This device was signed out on another one: sign in again to go on syncing.' : null,
});

function storage(full: number): StorageSlice {
  const used = 10 * GIB * full;
  return {
    usedBytes: used,
    reservedBytes: 0,
    keptBytes: 0.4 * GIB,
    limitBytes: 10 * GIB,
    byType: {
      image: used * 0.39,
      video: used * 0.43,
      audio: used * 0.09,
      scene: 0,
      project: used * 0.06,
      document: used * 0.03,
      other: 0,
    },
  };
}

export function transfersOf({ state, transfers, problems }: Scenario): Snapshot['transfers'] {
  if (state !== 'uploading') return { revision: 1, active: 0, waiting: 0, failed: 0, done: 40 };
  return { revision: 1, active: 3, waiting: Math.max(0, transfers - 3), failed: problems ? 2 : 0, done: 40 };
}

function syncView({ state, transfers, problems, now }: Scenario): SyncView {
  const at = {
    pending: 0,
    problems: problems ? 6 : 0,
    held: 0,
    bytesDone: 0,
    bytesTotal: 0,
    itemsDone: 0,
    itemsTotal: 0,
    direction: 'up',
    bytesPerSecond: null,
    secondsLeft: null,
    syncedAt: now - 120_000,
    pausedUntil: null,
    message: null,
  } as const;
  switch (state) {
    case 'uploading':
      return {
        ...at,
        state: 'syncing',
        pending: transfers - 2,
        bytesDone: 0.31 * GIB,
        bytesTotal: 1.4 * GIB,
        itemsDone: 2,
        itemsTotal: transfers,
        bytesPerSecond: 4_800_000,
        secondsLeft: 240,
      };
    case 'offline':
      return { ...at, state: 'offline', message: 'The server cannot be reached: it will go on by itself once it can.' };
    case 'paused':
      return { ...at, state: 'paused', pausedUntil: now + 3_600_000 };
    default:
      return { ...at, state: 'idle' };
  }
}
