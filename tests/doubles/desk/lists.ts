import type { ItemVersion, ShareLink } from '../../../shared/desktop/library.ts';
import type { ActivityRow, DeviceRow, ProblemRow, TransferGroup, TransferRow } from '../../../shared/desktop/lists.ts';
import { type Node, nodeId } from './library.ts';
import { OPENING } from './names.ts';

const HOUR = 3_600_000;
const MB = 1_000_000;

export function transfers(group: TransferGroup, from: number, to: number, now: number): readonly TransferRow[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, step) => transfer(group, from + step, now));
}

function transfer(group: TransferGroup, at: number, now: number): TransferRow {
  const total = (14 + ((at * 37) % 900)) * MB;
  const done = group === 'active' ? total * (0.62 - (at % 3) * 0.21) : group === 'done' ? total : 0;
  return {
    id: nodeId(at),
    name: OPENING[at % OPENING.length] ?? 'A file',
    folder: ['Coastline film / stills', 'Album artwork', 'Client: Harbour House'][at % 3] ?? '',
    direction: at % 4 === 2 ? 'down' : 'up',
    group,
    bytesDone: Math.round(done),
    bytesTotal: total,
    paused: group === 'waiting' && at === 1,
    message: group === 'failed' ? 'Another program holds the file open: close it there.' : null,
    retryAt: group === 'failed' ? now + 240_000 : null,
    finishedAt: group === 'done' ? now - at * 90_000 : null,
  };
}

/** `many`: so many more, all of the plainest kind. */
export function problems(now: number, many = 0): readonly ProblemRow[] {
  const side = (index: number, size: number, ago: number, device: string) => ({
    id: nodeId(index),
    name: OPENING[index] ?? '',
    thumbnail: (index * 7919 + 13).toString(16).padStart(64, '0'),
    size,
    modifiedAt: now - ago,
    device,
  });
  return [
    {
      kind: 'held-deletes',
      id: 'held-local',
      direction: 'local',
      count: 1_240,
      paths: Array.from({ length: 20 }, (_, at) => `Archive 2025/delivered/reel ${at}.mov`),
    },
    {
      kind: 'conflict',
      id: 'conflict-1',
      name: 'Rosa portrait 2.jpg',
      folder: 'Coastline film / stills',
      mine: side(6, 12.1 * MB, HOUR, 'Studio Mac'),
      theirs: side(4, 11.8 * MB, 2 * HOUR, 'Laptop'),
    },
    {
      kind: 'conflict',
      id: 'conflict-2',
      name: 'Cover draft warm.png',
      folder: 'Album artwork',
      mine: side(3, 3.3 * MB, 5 * HOUR, 'Studio Mac'),
      theirs: side(5, 3.4 * MB, 3 * HOUR, 'Laptop'),
    },
    {
      kind: 'name',
      id: 'name-1',
      node: null,
      name: 'Take 3: final?.wav',
      folder: 'Field recordings',
      message: 'Windows cannot hold a name with “:” or “?”: give it another one.',
      suggestion: 'Take 3 - final.wav',
    },
    {
      kind: 'other',
      id: 'other-1',
      node: null,
      name: 'Score sketch.als',
      folder: 'Album artwork',
      code: 'no-permission',
      message: 'Driftless may not read this file: change its permissions, then it is tried again.',
      retryAt: now + 240_000,
    },
    {
      kind: 'other',
      id: 'other-2',
      node: null,
      name: 'Interview A-cam.mov',
      folder: 'Client: Harbour House',
      code: 'quota-exceeded',
      message: 'The storage is too full for this file: empty the trash, or make room.',
      retryAt: null,
    },
    ...Array.from(
      { length: many },
      (_, at): ProblemRow => ({
        ...{ kind: 'other', id: `many-${at}`, node: null, name: `Reel ${at}.mov`, folder: 'Archive 2025' },
        ...{ code: 'denied', message: 'This file may not be read: change its permissions.', retryAt: null },
      }),
    ),
  ];
}

export function versions(node: Node | undefined, now: number): readonly ItemVersion[] {
  if (node === undefined) return [];
  return [
    { contentRev: 3, size: node.size, savedAt: node.modifiedAt, current: true },
    { contentRev: 2, size: node.size * 0.98, savedAt: now - 22 * HOUR, current: false },
    { contentRev: 1, size: node.size * 0.91, savedAt: now - 8 * 24 * HOUR, current: false },
  ];
}

export const links = (expiresAt: number): ShareLink => ({
  id: 'link-1',
  url: 'https://files.example.org/s/8fK2vQ',
  expiresAt,
  downloads: 0,
});

const ACTIONS = ['upload', 'replace', 'move', 'delete', 'restore', 'replace'] as const;

export function activity(before: number | null, limit: number, now: number): readonly ActivityRow[] {
  const first = before === null ? 400 : before - 1;
  return Array.from({ length: Math.max(0, Math.min(limit, first)) }, (_, at) => {
    const id = first - at;
    return {
      id,
      at: now - (400 - id) * 1_900_000,
      action: ACTIONS[id % ACTIONS.length] ?? 'upload',
      nodeId: nodeId(id % 14),
      path: `Coastline film/stills/${OPENING[id % 14]}`,
      bytes: 8.4 * MB,
      by: id % 3 === 0 ? 'Laptop' : 'Studio Mac',
    };
  });
}

export const devices = (now: number): readonly DeviceRow[] => [
  { id: 'd1', name: 'Studio Mac', platform: 'macOS', addedAt: now - 90 * 24 * HOUR, thisOne: true },
  { id: 'd2', name: 'Laptop', platform: 'Linux', addedAt: now - 30 * 24 * HOUR, thisOne: false },
];
