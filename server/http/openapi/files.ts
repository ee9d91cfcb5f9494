import type { TagList } from '../../../shared/api/library.ts';
import type { CreateLink, Link, LinkList } from '../../../shared/api/links.ts';
import type { MediaPage } from '../../../shared/api/media.ts';
import type {
  EmptiedTrash,
  NodePage,
  OperationsRequest,
  OperationsResponse,
  PatchNode,
  RestoreVersion,
  VersionList,
} from '../../../shared/api/nodes.ts';
import type { StorageBreakdown, StorageUsage } from '../../../shared/api/storage.ts';
import { GiB } from '../../../shared/bytes.ts';
import type { Descriptions } from './description.ts';
import { CONTENT_ID, FILE_ID, FOLDER_ID, NODE, NOW } from './samples.ts';

const LINK: Link = {
  id: 'q3Zb0xWb4n2V6mJr8sT1Lg',
  nodeId: FILE_ID,
  path: `/api/v1/shared/q3Zb0xWb4n2V6mJr8sT1Lg.${NOW + 3_600_000}.wJ8r1qzv0yBqkq2u4gR4E7W0m6Yb3bqf1vT9H5xYc2k`,
  createdAt: NOW,
  expiresAt: NOW + 3_600_000,
  revokedAt: null,
  downloads: 0,
};

/** What people do with files and folders. */
export const files: Descriptions = {
  'GET /api/v1/nodes': {
    tag: 'Library',
    summary: 'List, filter and search files and folders, page by page',
    answer: { nodes: [NODE], next: null } satisfies NodePage,
  },
  'GET /api/v1/tags': {
    tag: 'Library',
    summary: 'All tags, with how many files and folders have each',
    answer: { tags: [{ tag: 'sea', nodes: 42 }] } satisfies TagList,
  },
  'GET /api/v1/nodes/{id}': {
    tag: 'Files',
    summary: 'One file or folder; its ETag is what If-Match wants',
    answer: NODE,
  },
  'PATCH /api/v1/nodes/{id}': {
    tag: 'Files',
    summary: 'Rename, move, restore, tag: all that is named, or nothing',
    body: { name: 'Harbour.jpg', favourite: true, addTags: ['print'] } satisfies PatchNode,
    answer: NODE,
  },
  'DELETE /api/v1/nodes/{id}': {
    tag: 'Files',
    summary: 'Into the trash; with purge=true out of it, for ever',
    answer: { ...NODE, state: 'trashed' },
  },
  'POST /api/v1/nodes/operations': {
    tag: 'Files',
    summary: 'Many changes of the tree in one commit, as devices send them; each has its own result',
    body: {
      operations: [
        { type: 'createFolder', id: FOLDER_ID, parentId: null, name: 'Photos', mtimeMs: NOW },
        { type: 'setLibrary', id: FILE_ID, favourite: true },
      ],
    } satisfies OperationsRequest,
    answer: { results: [{ ok: true, nodes: [NODE] }] } satisfies OperationsResponse,
  },
  'GET /api/v1/nodes/{id}/content': {
    tag: 'Files',
    summary: 'Download a file, or an earlier version of it; Range and If-None-Match work',
    answerType: 'application/octet-stream',
  },
  'GET /api/v1/nodes/{id}/thumbnail': {
    tag: 'Files',
    summary: 'A small picture of a file; 404 no-thumbnail says why there is none',
    answerType: 'image/webp',
  },
  'GET /api/v1/media': {
    tag: 'Library',
    summary: 'What was found in the files since a number: type, size, length, camera and more',
    answer: {
      facts: [
        {
          contentId: CONTENT_ID,
          mime: 'image/jpeg',
          width: 4_000,
          height: 3_000,
          codec: 'jpeg',
          takenAt: NOW,
          camera: 'Acme Pocket 3',
          blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
          thumbnail: true,
        },
      ],
      next: '42.9f3c01aa',
      caughtUp: true,
    } satisfies MediaPage,
  },
  'GET /api/v1/nodes/{id}/versions': {
    tag: 'Versions and trash',
    summary: 'What a file holds and held, newest first',
    answer: {
      versions: [
        {
          contentId: CONTENT_ID,
          size: NODE.size,
          contentRev: NODE.contentRev,
          mtimeMs: NOW,
          createdAt: NOW,
          current: true,
        },
      ],
    } satisfies VersionList,
  },
  'POST /api/v1/nodes/{id}/versions/restore': {
    tag: 'Versions and trash',
    summary: 'Give a file the content of an earlier version again',
    body: { contentRev: 4_510, baseContentRev: 4_702 } satisfies RestoreVersion,
    answer: { ...NODE, contentRev: 4_712, seq: 4_712 },
  },
  'POST /api/v1/trash/empty': {
    tag: 'Versions and trash',
    summary: 'Let go of what is in the trash, for ever',
    body: { upToSeq: 4_711 },
    answer: { purged: 12, freedBytes: 48_123_310 } satisfies EmptiedTrash,
  },
  'POST /api/v1/links': {
    tag: 'Links',
    summary: 'Share a file: whoever has the address may download it until it expires',
    body: { nodeId: FILE_ID, seconds: 3_600 } satisfies CreateLink,
    answer: LINK,
  },
  'GET /api/v1/links': {
    tag: 'Links',
    summary: 'Links of one file or of all, those that have ended as well',
    answer: { links: [LINK] } satisfies LinkList,
  },
  'DELETE /api/v1/links/{id}': { tag: 'Links', summary: 'Take a link back' },
  'GET /api/v1/shared/{token}': {
    tag: 'Links',
    summary: 'Download what a link shares',
    answerType: 'application/octet-stream',
    open: true,
  },
  'GET /api/v1/storage/usage': {
    tag: 'Storage',
    summary: 'How much is used, reserved, kept and allowed',
    answer: {
      usedBytes: 2 * GiB,
      reservedBytes: 0,
      limitBytes: 10 * GiB,
      keptBytes: 104_857_600,
      fileCount: 1_204,
    } satisfies StorageUsage,
  },
  'GET /api/v1/storage/breakdown': {
    tag: 'Storage',
    summary: 'Live files by type and category: how many, and their bytes',
    answer: {
      parts: [{ type: 'image', category: 'shoot', bytes: 1_288_490_188, files: 260 }],
    } satisfies StorageBreakdown,
  },
};
