import type { NodeId, UploadId } from '../ids.ts';

/** Every path of the API in one place; the server routes on them, clients call them. */
export const API = '/api/v1';

export const paths = {
  health: '/health',
  ready: '/ready',
  metrics: '/metrics',
  openapi: `${API}/openapi.json`,
  docs: '/api/docs',
  devices: `${API}/devices`,
  sessions: `${API}/sessions`,
  me: `${API}/me`,
  nodes: `${API}/nodes`,
  operations: `${API}/nodes/operations`,
  node: (id: NodeId | ':id') => `${API}/nodes/${id}`,
  content: (id: NodeId | ':id') => `${API}/nodes/${id}/content`,
  chunks: (id: NodeId | ':id') => `${API}/nodes/${id}/chunks`,
  versions: (id: NodeId | ':id') => `${API}/nodes/${id}/versions`,
  thumbnail: (id: NodeId | ':id') => `${API}/nodes/${id}/thumbnail`,
  restoreVersion: (id: NodeId | ':id') => `${API}/nodes/${id}/versions/restore`,
  tags: `${API}/tags`,
  links: `${API}/links`,
  link: (id: string) => `${API}/links/${id}`,
  emptyTrash: `${API}/trash/empty`,
  /** For anybody who has it: `Link.path`. */
  shared: (token: string) => `${API}/shared/${token}`,
  media: `${API}/media`,
  uploads: `${API}/uploads`,
  upload: (id: UploadId | ':id') => `${API}/uploads/${id}`,
  uploadManifest: (id: UploadId | ':id') => `${API}/uploads/${id}/manifest`,
  uploadPart: (id: UploadId | ':id', part: number | ':part') => `${API}/uploads/${id}/parts/${part}`,
  uploadComplete: (id: UploadId | ':id') => `${API}/uploads/${id}/complete`,
  packUpload: `${API}/batch/upload`,
  packDownload: `${API}/batch/download`,
  changes: `${API}/changes`,
  checkpoints: `${API}/changes/checkpoints`,
  events: `${API}/events`,
  usage: `${API}/storage/usage`,
  breakdown: `${API}/storage/breakdown`,
  activity: `${API}/storage/activity`,
} as const;
