import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ChunkList } from '../../shared/api/content.ts';
import { paths } from '../../shared/api/paths.ts';
import { ContentId, type NodeId } from '../../shared/ids.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import { contentsOf, type StoredContent } from '../content/objects.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { getNode } from '../tree/listing.ts';
import { type App, answers, NodeParams } from './route.ts';
import { sendContent } from './sendContent.ts';

const ContentQuery = z.object({ content: ContentId.optional().describe('A kept version; default the present one') });

export function contentRoutes(app: App, services: Services): void {
  app.get(
    paths.content(':id'),
    { config: { rate: 'bytes' }, schema: { params: NodeParams, querystring: ContentQuery } },
    async (request, reply) => {
      const stored = await find(services, request, request.params.id, request.query.content);
      return sendContent(services, request, reply, stored);
    },
  );

  app.get(
    paths.chunks(':id'),
    { schema: { params: NodeParams, querystring: ContentQuery, response: answers(ChunkList) } },
    async (request) => {
      const { contentId, size } = await find(services, request, request.params.id, request.query.content);
      const { chunk_list } = await services.db.read
        .selectFrom('objects')
        .select('chunk_list')
        .where('user_id', '=', request.userId)
        .where('content_id', '=', contentId)
        .executeTakeFirstOrThrow();
      return {
        contentId,
        size,
        chunks: decodeChunkList(chunk_list).map(([hash, length]) => [hash, length] as [typeof hash, number]),
      };
    },
  );
}

async function find(
  { db }: Services,
  request: FastifyRequest,
  nodeId: NodeId,
  wanted: ContentId | undefined,
): Promise<StoredContent> {
  const contentId = wanted ?? (await getNode(db.read, request.userId, nodeId)).contentId;
  const found = contentId && (await contentsOf(db.read, request.userId, [{ nodeId, contentId }]))[0];
  if (!found) throw refuse('not-found', 'There is no such content. Look at the versions of the file.');
  return found;
}
