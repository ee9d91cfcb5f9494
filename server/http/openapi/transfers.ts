import type { ChangesPage, CheckpointsRequest, SharedHistory } from '../../../shared/api/changes.ts';
import type { ChunkList } from '../../../shared/api/content.ts';
import { PACK_MEDIA_TYPE, type PackDownloadRequest, type PackUploadResponse } from '../../../shared/api/packs.ts';
import type {
  AppendManifest,
  CompleteUpload,
  ManifestResponse,
  OpenUpload,
  UploadStatus,
} from '../../../shared/api/uploads.ts';
import type { Descriptions } from './description.ts';
import { CHUNK, CONTENT_ID, CURSOR, FILE_ID, FOLDER_ID, NODE, NOW, UPLOAD_ID } from './samples.ts';

const PART = { part: 0, offset: 0, length: 4_812_331, send: [[0, 4_812_331]] as [number, number][] };

const UPLOAD: UploadStatus = {
  uploadId: UPLOAD_ID,
  state: 'open',
  partSize: 16_777_216,
  chunkCount: 0,
  parts: [],
  expiresAt: NOW + 604_800_000,
  node: null,
};

/** How devices bring content here and there, and learn of changes. */
export const transfers: Descriptions = {
  'POST /api/v1/uploads': {
    tag: 'Transfers',
    summary: 'Open an upload and reserve its space; again with the same id answers with the session as it stands',
    body: {
      uploadId: UPLOAD_ID,
      nodeId: FILE_ID,
      parentId: FOLDER_ID,
      name: NODE.name,
      baseContentRev: null,
      size: NODE.size,
      mtimeMs: NOW,
      executable: false,
    } satisfies OpenUpload,
    answer: UPLOAD,
  },
  'GET /api/v1/uploads/{id}': { tag: 'Transfers', summary: 'What of an upload has arrived', answer: UPLOAD },
  'DELETE /api/v1/uploads/{id}': { tag: 'Transfers', summary: 'Give an upload up, and its space back' },
  'POST /api/v1/uploads/{id}/manifest': {
    tag: 'Transfers',
    summary: 'Name the next chunks of the file; the answer says which parts to send',
    body: { from: 0, chunks: [[CHUNK, 262_144]], last: true } satisfies AppendManifest,
    answer: { parts: [PART] } satisfies ManifestResponse,
  },
  'PUT /api/v1/uploads/{id}/parts/{part}': {
    tag: 'Transfers',
    summary: 'Send the bytes of one part',
    bodyType: 'application/octet-stream',
  },
  'POST /api/v1/uploads/{id}/complete': {
    tag: 'Transfers',
    summary: 'Make the file, once everything is here and is what its content id says',
    body: { contentId: CONTENT_ID } satisfies CompleteUpload,
    answer: NODE,
  },
  'POST /api/v1/batch/upload': {
    tag: 'Transfers',
    summary: 'Send many small files in one request, with a result for each',
    bodyType: PACK_MEDIA_TYPE,
    answer: { results: [{ ok: true, nodes: [NODE] }] } satisfies PackUploadResponse,
  },
  'POST /api/v1/batch/download': {
    tag: 'Transfers',
    summary: 'Fetch many small files in one request',
    body: { files: [{ nodeId: FILE_ID, contentId: CONTENT_ID }] } satisfies PackDownloadRequest,
    answerType: PACK_MEDIA_TYPE,
  },
  'GET /api/v1/nodes/{id}/chunks': {
    tag: 'Transfers',
    summary: 'The chunks of a version, so that only those not at hand are fetched',
    answer: { contentId: CONTENT_ID, size: NODE.size, chunks: [[CHUNK, 262_144]] } satisfies ChunkList,
  },
  'GET /api/v1/changes': {
    tag: 'Changes',
    summary: 'Nodes changed since a cursor, each as it is now',
    answer: { nodes: [NODE], cursor: CURSOR, caughtUp: true } satisfies ChangesPage,
  },
  'POST /api/v1/changes/checkpoints': {
    tag: 'Changes',
    summary: 'What a device and a server that was put back have in common',
    body: { checkpoints: [CURSOR] } satisfies CheckpointsRequest,
    answer: { baseSeq: 4_711 } satisfies SharedHistory,
  },
  'GET /api/v1/events': {
    tag: 'Changes',
    summary: 'A stream that tells when the feed has moved',
    answerType: 'text/event-stream',
    answer: 'event: changes\ndata: {"head":4711}\n\n',
  },
};
