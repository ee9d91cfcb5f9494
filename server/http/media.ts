import { z } from 'zod';
import { MediaCursor, MediaPage, THUMBNAIL_SIZES } from '../../shared/api/media.ts';
import { paths } from '../../shared/api/paths.ts';
import { ContentId } from '../../shared/ids.ts';
import { factsAfter, thumbnailOf } from '../media/facts.ts';
import { lookAgain } from '../media/queue.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { getNode } from '../tree/listing.ts';
import { matches } from './etag.ts';
import { type App, answers, NodeParams } from './route.ts';

const PAGE = 1_000;
const MediaQuery = z.object({
  after: MediaCursor.default('0').describe('A place of a history that was taken back is the beginning'),
  limit: z.coerce.number().int().min(1).max(PAGE).default(PAGE),
});

const ThumbnailQuery = z.object({
  size: z.coerce
    .number()
    .pipe(z.literal(THUMBNAIL_SIZES))
    .default(512)
    .describe('Longer side in pixels; a smaller picture comes as it is'),
  content: ContentId.optional().describe('A kept version; default the present one. With it the answer never changes'),
});

export function mediaRoutes(app: App, services: Services): void {
  const { db, media, thumbnails } = services;

  app.get(paths.media, { schema: { querystring: MediaQuery, response: answers(MediaPage) } }, (request) =>
    factsAfter(db.read, request.userId, request.query.after, request.query.limit),
  );

  app.get(
    paths.thumbnail(':id'),
    { config: { rate: 'bytes' }, schema: { params: NodeParams, querystring: ThumbnailQuery } },
    async (request, reply) => {
      const { userId, params, query } = request;
      const contentId = query.content ?? (await getNode(db.read, userId, params.id)).contentId;
      const shown = contentId && (await thumbnailOf(db.read, userId, params.id, contentId, query.size));
      if (!shown) throw refuse('not-found', 'There is no such content. Look at the versions of the file.');
      if (shown.state === 'none') throw refuse('no-thumbnail', shown.reason);
      if (shown.state === 'waiting') {
        media.want(shown.objectId);
        throw notYet();
      }
      const bytes = await thumbnails.read(userId, shown.objectId, shown.size);
      if (!bytes) {
        await lookAgain(db.write, userId, contentId);
        media.want(shown.objectId);
        throw notYet();
      }
      const etag = `"${contentId}-${shown.size}"`;
      reply.headers({
        etag,
        'cache-control': query.content ? 'private, max-age=31536000, immutable' : 'private, no-cache',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      });
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type('image/webp').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}

const notYet = (): Refusal => refuse('no-thumbnail', 'The thumbnail is being made. Ask again in a moment.');
