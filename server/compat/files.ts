import { z } from 'zod';
import { Label } from '../../shared/api/library.ts';
import { FILE_TYPES, type FileType } from '../../shared/fileTypes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { contentsOf } from '../content/objects.ts';
import { type App, NodeParams } from '../http/route.ts';
import { sendContent } from '../http/sendContent.ts';
import { findNodes } from '../library/find.ts';
import type { LibraryQuery } from '../library/query.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { editNode } from '../tree/edit.ts';
import { type FileView, fileViews } from './fileView.ts';
import { storeForm } from './upload.ts';

const TYPES = Object.keys(FILE_TYPES) as [FileType];

/** Forms send the fields that nobody has filled in, too: an empty one is one that is not there. */
const EMPTY = z.literal('');

const ListQuery = z.object({
  search: z.string().max(1_000).optional().describe('Words of names and tags'),
  type: z.enum(TYPES).or(EMPTY).optional(),
  favorite: z.enum(['true', 'false']).or(EMPTY).optional(),
  tag: Label.or(EMPTY).optional(),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

const Tags = z.object({ tags: z.array(Label) });

/** `/api/files`: upload, list, download, favourites, tags and delete, as the media dashboard asks for them. */
export function compatFileRoutes(app: App, services: Services): void {
  const { db, wakeups } = services;
  const one = async (userId: UserId, id: NodeId): Promise<FileView> => {
    const [file] = await fileViews(db.read, userId, [id]);
    if (!file) throw refuse('not-found', 'File not found. Look at the list of files again.');
    return file;
  };

  app.post(
    '/api/files/upload',
    { config: { rate: 'bytes' }, schema: { consumes: ['multipart/form-data'] } },
    async (request, reply) => {
      const ids = await storeForm(services, request, request.userId);
      return reply.code(201).send({ success: true, data: await fileViews(db.read, request.userId, ids) });
    },
  );

  app.get('/api/files', { schema: { querystring: ListQuery } }, async ({ userId, query }) => {
    const { nodes, next } = await findNodes(db.read, userId, queryOf(query));
    const ids = nodes.map(({ id }) => id);
    return { success: true, data: await fileViews(db.read, userId, ids), next };
  });

  app.get('/api/files/:id', { schema: { params: NodeParams } }, async ({ userId, params }) => ({
    success: true,
    data: await one(userId, params.id),
  }));

  app.get(
    '/api/files/:id/download',
    { config: { rate: 'bytes' }, schema: { params: NodeParams } },
    async (request, reply) => {
      const { userId, params } = request;
      await one(userId, params.id);
      const { content_id: contentId } = await db.read
        .selectFrom('nodes')
        .select('content_id')
        .where('user_id', '=', userId)
        .where('id', '=', params.id)
        .executeTakeFirstOrThrow();
      const [stored] = contentId ? await contentsOf(db.read, userId, [{ nodeId: params.id, contentId }]) : [];
      if (!stored) throw refuse('not-found', 'File not found. Look at the list of files again.');
      return sendContent(services, request, reply, stored);
    },
  );

  app.delete('/api/files/:id', { schema: { params: NodeParams } }, async ({ userId, params }) => {
    await one(userId, params.id);
    await editNode(db.write, userId, params.id, () => undefined, { state: 'trashed' });
    wakeups.changed(userId);
    return { success: true, message: 'File deleted successfully' };
  });

  app.post('/api/files/:id/favorite', { schema: { params: NodeParams } }, async ({ userId, params }) => {
    await one(userId, params.id);
    // Turned over inside the transaction: two clicks at once are two turns.
    const edit: { favourite?: boolean } = {};
    await editNode(
      db.write,
      userId,
      params.id,
      (node) => {
        edit.favourite = node.library?.favourite !== true;
      },
      edit,
    );
    wakeups.changed(userId);
    return { success: true, data: await one(userId, params.id) };
  });

  app.put('/api/files/:id/tags', { schema: { params: NodeParams, body: Tags } }, async ({ userId, params, body }) => {
    await one(userId, params.id);
    await editNode(db.write, userId, params.id, () => undefined, { tags: body.tags });
    wakeups.changed(userId);
    return { success: true, data: await one(userId, params.id) };
  });
}

/** Newest first; folders are not files. */
const queryOf = ({ search, type, favorite, tag, cursor, limit }: z.infer<typeof ListQuery>): LibraryQuery => ({
  state: 'live',
  q: search || undefined,
  types: type ? [type] : TYPES,
  tags: tag ? [tag] : [],
  favourite: favorite ? favorite === 'true' : undefined,
  sort: 'recent',
  order: 'desc',
  cursor,
  limit,
});
