import type { Node } from '../../../shared/api/nodes.ts';
import { ChunkHash, ContentId, NodeId, UploadId } from '../../../shared/ids.ts';

/** What examples are made of. */
export const FILE_ID = NodeId.parse('01989f3e-7c21-7a4b-9d1e-2f6b8c0d4e5a');
export const FOLDER_ID = NodeId.parse('01989f3e-70aa-7c3d-8b52-61f0a9e7d3c4');
export const UPLOAD_ID = UploadId.parse('01989f40-1b5e-7d20-a6c3-9e8f7a6b5c4d');
export const CONTENT_ID = ContentId.parse('5f0c1f6f3f5f0e2d8f1f9b7a4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d');
export const CHUNK = ChunkHash.parse('9b2e4d6f8a0c1e3f5b7d9f1a3c5e7f9b1d3f5a7c9e1b3d5f7a9c1e3b5d7f9a1c');
export const CURSOR = '4711.5f0c1f6f3f5f0e2d';
export const NOW = 1_763_633_828_000;

export const NODE: Node = {
  id: FILE_ID,
  parentId: FOLDER_ID,
  name: 'Harbour at dawn.jpg',
  kind: 'file',
  state: 'live',
  contentId: CONTENT_ID,
  size: 4_812_331,
  mtimeMs: NOW,
  executable: false,
  contentRev: 4_702,
  placeRev: 4_702,
  metaRev: 4_711,
  seq: 4_711,
  library: { favourite: true, tags: ['sea', 'best of'], category: 'shoot', entityId: 'customer-7' },
};
