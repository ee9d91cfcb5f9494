import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type ChangesEvent, ChangesPage, CheckpointsRequest, Cursor, SharedHistory } from '../../shared/api/changes.ts';
import { CHANGES_PAGE, EVENTS_KEEPALIVE_MS } from '../../shared/api/limits.ts';
import type { MediaEvent } from '../../shared/api/media.ts';
import { paths } from '../../shared/api/paths.ts';
import type { UserId } from '../../shared/ids.ts';
import { changesSince, headOf } from '../feed/changes.ts';
import { sharedHistory } from '../feed/sharedHistory.ts';
import { mediaHead } from '../media/facts.ts';
import type { Services } from '../services.ts';
import { endWhenRevoked } from './endWhenRevoked.ts';
import { type App, answers } from './route.ts';

const ChangesQuery = z.object({
  cursor: Cursor.default('0'),
  limit: z.coerce.number().int().min(1).max(CHANGES_PAGE).default(CHANGES_PAGE),
});

export function feedRoutes(app: App, services: Services): void {
  app.get(paths.changes, { schema: { querystring: ChangesQuery, response: answers(ChangesPage) } }, (request) =>
    changesSince(services.db.read, request.userId, request.query.cursor, request.query.limit),
  );

  app.post(paths.checkpoints, { schema: { body: CheckpointsRequest, response: answers(SharedHistory) } }, (request) =>
    sharedHistory(services.db.read, request.userId, request.body.checkpoints),
  );

  const streams = new Set<ServerResponse>();
  const watched = endWhenRevoked(services);
  app.get(
    paths.events,
    { exposeHeadRoute: false, schema: { produces: ['text/event-stream'] } },
    async (request, reply) => {
      const stream = reply.hijack().raw;
      streams.add(stream);
      const unwatch = watched(request.proof, stream);
      stream.once('close', () => {
        streams.delete(stream);
        unwatch();
      });
      follow(services, request.userId, stream, reply.getHeaders() as OutgoingHttpHeaders);
    },
  );
  // A stream would never end by itself, and so hold up the stop of the server.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });
}

/** Tells both heads now and after each change, and shows every 30 s that the connection lives. */
function follow(services: Services, userId: UserId, stream: ServerResponse, headers: OutgoingHttpHeaders): void {
  stream.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const { read } = services.db;
  const tell = (name: string, event: Promise<ChangesEvent | MediaEvent>): void => {
    event.then(
      (data) => stream.writable && stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
      (error: unknown) => stream.destroy(error instanceof Error ? error : undefined),
    );
  };
  const tellChanges = (): void =>
    tell(
      'changes',
      headOf(read, userId).then((head) => ({ head })),
    );
  const tellMedia = (): void =>
    tell(
      'media',
      mediaHead(read, userId).then((head) => ({ head })),
    );
  const unlisten = [services.wakeups.listen(userId, tellChanges), services.media.facts.listen(userId, tellMedia)];
  const keepalive = setInterval(() => stream.writable && stream.write(':\n\n'), EVENTS_KEEPALIVE_MS).unref();
  stream.on('error', () => undefined);
  stream.once('close', () => {
    for (const end of unlisten) end();
    clearInterval(keepalive);
  });
  tellChanges();
  tellMedia();
}
