import { z } from 'zod';
import { LINK_DEFAULT_SECONDS } from '../../shared/api/links.ts';
import { UserId } from '../../shared/ids.ts';
import { changeUser } from '../admin/users.ts';
import type { Db } from '../db/schema.ts';
import type { App } from '../http/route.ts';
import { storageBreakdown } from '../library/counts.ts';
import { createLink } from '../links/links.ts';
import { recalculate } from '../quota/recalculate.ts';
import { storageUsage } from '../quota/usage.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { editNode } from '../tree/edit.ts';
import { fileViews } from './fileView.ts';
import { fileAt } from './place.ts';
import { quotaInWords, quotaOf, storageInfo } from './quota.ts';
import { storeForm } from './upload.ts';
import { percentOf, shortSize } from './words.ts';

/** Where a form that names no category puts its file. */
const DEFAULT_CATEGORY = 'documents';
const RECENT = 10;

const FilePath = z.object({ filePath: z.string().min(1).max(8_192) });
/** Larger than what can be counted to, such as the largest BIGINT of a plan without limit. */
const Boundless = z.number().min(Number.MAX_SAFE_INTEGER);
const Quota = z.object({
  userId: z.string().min(1),
  maxBytes: z.number().int().nonnegative().or(Boundless).nullable().describe('null: without limit'),
});
const WhoseUsage = z.object({ userId: z.string().min(1).optional() }).nullish();

/** `/api/storage` and `/storage`: usage, quota, uploads by category, and the other system's words for the same. */
export function compatStorageRoutes(app: App, services: Services): void {
  const { db, wakeups, clock } = services;

  app.get('/api/storage/usage', async ({ userId }) => {
    const usage = await storageUsage(db.read, userId);
    const { usedBytes, limitBytes, fileCount } = usage;
    const asRow = { user_id: userId, total_bytes: usedBytes, max_bytes: limitBytes, file_count: fileCount };
    return { success: true, data: { ...asRow, ...quotaInWords(usage) } };
  });

  app.get('/api/storage/quota', async ({ userId }) => ({
    success: true,
    data: quotaInWords(await storageUsage(db.read, userId)),
  }));

  app.get('/api/storage/stats', async ({ userId }) => ({ success: true, data: await stats(db.read, userId) }));

  app.post(
    '/api/storage/upload',
    { config: { rate: 'bytes' }, schema: { consumes: ['multipart/form-data'] } },
    async (request) => {
      const { userId } = request;
      const [id] = await storeForm(services, request, userId, { category: DEFAULT_CATEGORY });
      const [file] = id ? await fileViews(db.read, userId, [id]) : [];
      if (!id || !file) throw refuse('not-found', 'The file was deleted again meanwhile. Look at the list of files.');
      const link = { nodeId: id, seconds: LINK_DEFAULT_SECONDS };
      const { path } = await createLink(db.write, services.links, userId, link, clock.now());
      const fileUrl = `${request.protocol}://${request.host}${path}`;
      return {
        success: true,
        data: { success: true, fileId: id, filePath: file.file_path, fileUrl, fileSize: file.file_size },
      };
    },
  );

  app.delete('/api/storage/file', { schema: { body: FilePath } }, async ({ userId, body }) => {
    const id = await fileAt(db.read, userId, body.filePath);
    await editNode(db.write, userId, id, () => undefined, { state: 'trashed' });
    wakeups.changed(userId);
    return { success: true, message: 'File deleted successfully' };
  });

  app.put('/api/storage/quota', { schema: { body: Quota } }, async ({ proof, body }) => {
    forAdministrators(proof.role);
    const id = await userCalled(db.read, body.userId);
    const { maxBytes } = body;
    const quota = { type: 'own' as const, bytes: Boundless.safeParse(maxBytes).success ? null : maxBytes };
    const user = await changeUser(db.write, id, { quota }, clock.now());
    return { success: true, data: { userId: body.userId, maxBytes: user.limitBytes } };
  });

  app.post('/api/storage/recalculate', { schema: { body: WhoseUsage } }, async ({ userId, proof, body }) => {
    forAdministrators(proof.role);
    const id = body?.userId === undefined ? userId : await userCalled(db.read, body.userId);
    await recalculate(db.write, id, false);
    const { usedBytes } = await storageUsage(db.read, id);
    return { success: true, data: { totalSize: usedBytes, totalSizeFormatted: shortSize(usedBytes) } };
  });

  for (const path of ['/storage/info', '/storage/info/']) {
    app.get(path, async ({ userId }) => storageInfo(await storageUsage(db.read, userId)));
  }
  for (const path of ['/storage/api/storage/analytics', '/storage/api/storage/analytics/']) {
    app.get(path, async ({ userId }) => {
      const { breakdown, recentUploads } = await stats(db.read, userId);
      return { ...storageInfo(await storageUsage(db.read, userId)), breakdown, recent_uploads: recentUploads };
    });
  }
}

async function stats(db: Db, userId: UserId) {
  const usage = await storageUsage(db, userId);
  const { parts } = await storageBreakdown(db, userId);
  const uploads = await db
    .selectFrom('audit')
    .select(['path', 'bytes', 'at', 'by'])
    .where('user_id', '=', userId)
    .where('action', '=', 'upload')
    .orderBy('id', 'desc')
    .limit(RECENT)
    .execute();
  return {
    quota: quotaOf(usage),
    breakdown: parts
      .filter(({ files }) => files > 0)
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ type, category, files, bytes }) => ({
        fileType: type,
        category: category ?? 'general',
        fileCount: files,
        totalSize: bytes,
        percentage: percentOf(bytes, usage.usedBytes),
      })),
    recentUploads: uploads.map(({ path, bytes, at, by }) => ({
      fileName: path?.split('/').at(-1) ?? '',
      fileSize: bytes,
      uploadedAt: new Date(at).toISOString(),
      uploadedBy: by ?? 'Unknown',
    })),
  };
}

function forAdministrators(role: 'user' | 'admin'): void {
  if (role !== 'admin') throw refuse('forbidden', 'This is for administrators. Ask one of them.');
}

/** By the id of this server, by that of Clerk, or by name. */
async function userCalled(db: Db, called: string): Promise<UserId> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where((eb) => eb.or([eb('clerk_id', '=', called), eb('id', '=', called as UserId), eb('name', '=', called)]))
    .executeTakeFirst();
  if (!row) throw refuse('not-found', 'There is no such user. Look at the list of users again.');
  return UserId.parse(row.id);
}
