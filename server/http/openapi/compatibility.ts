import type { StorageUsage } from '../../../shared/api/storage.ts';
import { GiB } from '../../../shared/bytes.ts';
import { UserId } from '../../../shared/ids.ts';
import type { FileView } from '../../compat/fileView.ts';
import { quotaInWords, quotaOf, storageInfo } from '../../compat/quota.ts';
import type { Description, Descriptions } from './description.ts';
import { FILE_ID } from './samples.ts';

const USER_ID = UserId.parse('01989f3e-6f10-7b2a-8c4d-5e6f7a8b9c0d');
const FORM = 'multipart/form-data';
const earlier = (summary: string, more: Partial<Description> = {}): Description => ({
  tag: 'Earlier clients',
  summary,
  ...more,
});

const FILE: FileView = {
  id: FILE_ID,
  user_id: USER_ID,
  file_name: 'Harbour at dawn.jpg',
  file_type: 'image',
  mime_type: 'image/jpeg',
  file_size: 4_812_331,
  file_path: 'shoot/customer-7/Harbour at dawn.jpg',
  stored_file_name: '01989f3e-7a20-7e11-8b52-6f7081920a3b.jpg',
  thumbnail_path: `/api/v1/nodes/${FILE_ID}/thumbnail`,
  resolution: '6000x4000',
  duration: null,
  package_name: 'customer-7',
  tags: ['sea'],
  is_favorite: true,
  category: 'shoot',
  subcategory: null,
  entity_id: 'customer-7',
  metadata: null,
  upload_date: '2026-01-31T06:12:00.000Z',
};
const FIELDS = { category: 'shoot', subcategory: '', entityId: 'customer-7', metadata: '{"rolls":3}' };
const ONE_FILE = { success: true, data: FILE };
const DELETED = { success: true, message: 'File deleted successfully' };
const USAGE: StorageUsage = {
  usedBytes: 4_812_331,
  reservedBytes: 0,
  limitBytes: 10 * GiB,
  keptBytes: 0,
  fileCount: 1,
};
const BREAKDOWN = [{ fileType: 'image', category: 'shoot', fileCount: 1, totalSize: 4_812_331, percentage: 100 }];
const RECENT = [
  { fileName: FILE.file_name, fileSize: FILE.file_size, uploadedAt: FILE.upload_date, uploadedBy: 'Studio' },
];
const STORED = {
  success: true,
  fileId: FILE_ID,
  filePath: FILE.file_path,
  fileUrl: 'https://files.example.com/api/v1/shared/q3Zb0xWb4n2V6mJr8sT1Lg.1769843520000.wJ8r1qzv0yBqkq2u4gR4E7W0m6Yb',
  fileSize: FILE.file_size,
};

const INFO = earlier('How much is used and allowed, in the words of another system', { answer: storageInfo(USAGE) });
const ANALYTICS = earlier('The same, by type, with what came last', {
  answer: { ...storageInfo(USAGE), breakdown: BREAKDOWN, recent_uploads: RECENT },
});

/** What clients of other systems go on asking for; new ones use the rest of the API. */
export const compatibility: Descriptions = {
  'POST /api/files/upload': earlier('Store the files of a form', {
    bodyType: FORM,
    fields: FIELDS,
    answer: { success: true, data: [FILE] },
  }),
  'GET /api/files': earlier('List and search files', { answer: { success: true, data: [FILE], next: null } }),
  'GET /api/files/{id}': earlier('One file', { answer: ONE_FILE }),
  'GET /api/files/{id}/download': earlier('Download a file', { answerType: 'application/octet-stream' }),
  'DELETE /api/files/{id}': earlier('Delete a file', { answer: DELETED }),
  'POST /api/files/{id}/favorite': earlier('Make a file a favourite, or no longer one', { answer: ONE_FILE }),
  'PUT /api/files/{id}/tags': earlier('Give a file these tags and no others', {
    body: { tags: ['sea', 'print'] },
    answer: ONE_FILE,
  }),
  'GET /api/storage/usage': earlier('How much is used', {
    answer: { success: true, data: { user_id: USER_ID, total_bytes: USAGE.usedBytes, ...quotaInWords(USAGE) } },
  }),
  'GET /api/storage/quota': earlier('How much is allowed', { answer: { success: true, data: quotaInWords(USAGE) } }),
  'GET /api/storage/stats': earlier('What is stored, by type, and what came last', {
    answer: { success: true, data: { quota: quotaOf(USAGE), breakdown: BREAKDOWN, recentUploads: RECENT } },
  }),
  'POST /api/storage/upload': earlier('Store a file under a category', {
    bodyType: FORM,
    fields: FIELDS,
    answer: { success: true, data: STORED },
  }),
  'DELETE /api/storage/file': earlier('Delete the file at a path', {
    body: { filePath: 'shoot/customer-7/Harbour at dawn.jpg' },
    answer: DELETED,
  }),
  'PUT /api/storage/quota': earlier('Give a user a limit; for administrators', {
    body: { userId: USER_ID, maxBytes: 21_474_836_480 },
    answer: { success: true, data: { userId: USER_ID, maxBytes: 21_474_836_480 } },
  }),
  'POST /api/storage/recalculate': earlier('Count again what is stored; for administrators', {
    body: { userId: USER_ID },
    answer: { success: true, data: { totalSize: 4_812_331, totalSizeFormatted: '4.59 MB' } },
  }),
  'GET /storage/info': INFO,
  'GET /storage/info/': INFO,
  'GET /storage/api/storage/analytics': ANALYTICS,
  'GET /storage/api/storage/analytics/': ANALYTICS,
};
