import type { ItemDetail } from '../../../shared/desktop/library.ts';
import type { FileType } from '../../../shared/fileTypes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { chance, pick } from './chance.ts';
import { FOLDERS, FOLDERS_INSIDE, OPENING, SHAPES, SUBJECTS, TAGS } from './names.ts';

export interface Node extends ItemDetail {
  readonly parent: NodeId | null;
  readonly cloudOnlyFolder: boolean;
}

export const nodeId = (index: number): NodeId =>
  `019a0000-0000-7000-8000-${index.toString(16).padStart(12, '0')}` as NodeId;

const HASHES = [
  'LGF5]+Yk^6#M@-5c,1J5@[or[Q6.',
  'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  'L6Pj0^jE.AyE_3t7t7R**0o#DgR4',
  'LKO2?U%2Tw=w]~RBVZRi};RPxuwH',
] as const;

/** A library as a small studio has it: `count` files in a few folders, the newest first. */
export function library(count: number, now: number): readonly Node[] {
  if (count === 0) return [];
  const random = chance(7);
  const folders = FOLDERS.flatMap((name, at): Node[] => {
    const top = folder(1_000_000 + at * 10, name, null, now);
    if (at > 2) return [top];
    return [
      top,
      ...FOLDERS_INSIDE.map((inside, below) =>
        folder(1_000_001 + at * 10 + below, inside, top, now - 86_400_000 * (at + below + 2)),
      ),
    ];
  });
  return [...folders, ...Array.from({ length: count }, (_, index) => file(index, random, folders, now))];
}

function folder(index: number, name: string, above: Node | null, at: number): Node {
  return {
    ...plain(index, name, 'other', at),
    kind: 'folder',
    parent: above?.id ?? null,
    path: above === null ? [] : [above.name],
    size: 2_400_000_000,
    thumbnail: null,
    blurhash: null,
  };
}

function file(index: number, random: () => number, folders: readonly Node[], now: number): Node {
  const opening = OPENING[index];
  const [extension, type] = opening === undefined ? shapeFor(random()) : shapeOf(opening);
  const name = opening ?? `${pick(random, SUBJECTS)} ${String(index).padStart(4, '0')}.${extension}`;
  const home = folders[index < 12 ? 1 : Math.floor(random() * folders.length)];
  const at = now - age(index, random());
  const pictured = type === 'image' || type === 'video' || extension === 'pdf';
  return {
    ...plain(index, name, type, at),
    parent: home?.id ?? null,
    path: home === undefined ? [] : [...home.path, home.name],
    size: Math.round((type === 'video' ? 900_000_000 : 12_000_000) * (0.1 + random())),
    favourite: index % 5 === 1 && random() < 0.6,
    tags: TAGS.filter((_, at) => random() < 0.12 || (index === 0 && at < 3)),
    thumbnail: pictured ? contentOf(index) : null,
    blurhash: pictured ? pick(random, HASHES) : null,
    width: pictured ? 5280 : null,
    height: pictured ? 3956 : null,
    durationMs: type === 'video' || type === 'audio' ? 20_000 + Math.round(random() * 700_000) : null,
    codec: type === 'video' ? 'h264' : type === 'audio' ? 'pcm' : null,
    mime: mimeOf(extension),
    takenAt: type === 'image' ? at - 3_600_000 * 30 : null,
    camera: type === 'image' ? 'DJI Mavic 3' : null,
    pages: extension === 'pdf' ? 4 : null,
    noThumbnail: pictured ? null : 'Files of this kind have no picture: open it to see it.',
  };
}

function plain(index: number, name: string, type: FileType, at: number): Node {
  return {
    id: nodeId(index),
    name,
    kind: 'file',
    type,
    parent: null,
    path: [],
    size: 0,
    addedAt: at,
    modifiedAt: at - 3_600_000,
    favourite: false,
    tags: [],
    thumbnail: null,
    blurhash: null,
    width: null,
    height: null,
    durationMs: null,
    sync: { state: 'synced' },
    mime: null,
    codec: null,
    takenAt: null,
    camera: null,
    pages: null,
    noThumbnail: null,
    trashedAt: null,
    onDisk: true,
    cloudOnlyFolder: false,
  };
}

const contentOf = (index: number): string => (index * 7919 + 13).toString(16).padStart(64, '0');

function age(index: number, random: number): number {
  if (index < 14) return index * 60_000;
  if (index < 100) return 86_400_000 * (1 + (index / 100) * 5);
  return 86_400_000 * (6 + (index - 100) / 18) + random * 3_600_000;
}

type Shape = readonly [string, FileType];

function shapeFor(share: number): Shape {
  let left = share * 100;
  for (const [extension, type, weight] of SHAPES) {
    left -= weight;
    if (left < 0) return [extension, type];
  }
  return ['jpg', 'image'];
}

function shapeOf(name: string): Shape {
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const shape = SHAPES.find(([known]) => known === extension);
  return shape === undefined ? [extension, 'other'] : [shape[0], shape[1]];
}

const MIMES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  heic: 'image/heic',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  pdf: 'application/pdf',
  txt: 'text/plain',
};
const mimeOf = (extension: string): string => MIMES[extension] ?? 'application/octet-stream';
