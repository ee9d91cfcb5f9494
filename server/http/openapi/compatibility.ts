import type { Description, Descriptions } from './description.ts';

const USER_ID = '01989f3e-6f10-7b2a-8c4d-5e6f7a8b9c0d';
const FORM = 'multipart/form-data';
const earlier = (summary: string, more: Partial<Description> = {}): Description => ({
  tag: 'Earlier clients',
  summary,
  ...more,
});

const INFO = earlier('How much is used and allowed, in the words of another system');
const ANALYTICS = earlier('The same, by type, with what came last');

/** What clients of other systems go on asking for; new ones use the rest of the API. */
export const compatibility: Descriptions = {
  'POST /api/files/upload': earlier('Store the files of a form', { bodyType: FORM }),
  'GET /api/files': earlier('List and search files'),
  'GET /api/files/{id}': earlier('One file'),
  'GET /api/files/{id}/download': earlier('Download a file', { answerType: 'application/octet-stream' }),
  'DELETE /api/files/{id}': earlier('Delete a file'),
  'POST /api/files/{id}/favorite': earlier('Make a file a favourite, or no longer one'),
  'PUT /api/files/{id}/tags': earlier('Give a file these tags and no others', { body: { tags: ['sea', 'print'] } }),
  'GET /api/storage/usage': earlier('How much is used'),
  'GET /api/storage/quota': earlier('How much is allowed'),
  'GET /api/storage/stats': earlier('What is stored, by type, and what came last'),
  'POST /api/storage/upload': earlier('Store a file under a category', { bodyType: FORM }),
  'DELETE /api/storage/file': earlier('Delete the file at a path', {
    body: { filePath: 'shoot/customer-7/Harbour at dawn.jpg' },
  }),
  'PUT /api/storage/quota': earlier('Give a user a limit; for administrators', {
    body: { userId: USER_ID, maxBytes: 21_474_836_480 },
  }),
  'POST /api/storage/recalculate': earlier('Count again what is stored; for administrators', {
    body: { userId: USER_ID },
  }),
  'GET /storage/info': INFO,
  'GET /storage/info/': INFO,
  'GET /storage/api/storage/analytics': ANALYTICS,
  'GET /storage/api/storage/analytics/': ANALYTICS,
};
