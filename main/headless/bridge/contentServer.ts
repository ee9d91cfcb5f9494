import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { NodeId } from '../../../shared/ids.ts';
import { openContent } from '../../desk/contents.ts';
import type { Insight } from '../../engine/insight/insight.ts';
import type { Thumbnails } from '../../library/thumbnails.ts';
import { mediaTypeOf } from './mediaType.ts';
import { parseRange } from './range.ts';
import { sendThumbnail } from './thumbnail.ts';
import type { Tickets } from './tickets.ts';

export interface ContentServerOptions {
  /** null: nothing is open yet. */
  readonly insight: () => Insight | null;
  readonly tickets: Tickets;
  /** Where there is no page of the same server to serve them: at `/<ticket>/thumbnails/<content id>`. */
  readonly thumbnails?: () => Thumbnails | null;
  /** Origin of the page that may read what is served. */
  readonly page: () => string;
}

/** Nothing that a file holds may run, load or be taken for a page. */
const POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; media-src 'self'";

/** Browsers show no PDF in a sandbox; their viewer is one, and this origin has nothing that it could reach. */
const PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'";

/** Serves files' bytes at `/<ticket>/<node id>`, from a port of its own and so from another origin than the page. */
export function createContentServer(options: ContentServerOptions): Server {
  return createServer((request, response) => {
    answer(options, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502);
    });
  });
}

async function answer(
  { insight: current, tickets, page, thumbnails }: ContentServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { port } = request.socket.address() as { port?: number };
  const host = request.headers.host ?? '';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return refuse(response, 421);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  const url = new URL(request.url ?? '/', 'http://contents');
  const [, ticket = '', node = '', ...rest] = url.pathname.split('/');
  if (thumbnails && node === 'thumbnails' && tickets.isGood(ticket)) {
    return sendThumbnail(thumbnails(), rest[0] ?? '', url, response);
  }
  const id = NodeId.safeParse(node);
  if (rest.length > 0 || !tickets.isGood(ticket) || !id.success) return refuse(response, 404);
  const insight = current();
  const content = insight && (await openContent(insight, id.data));
  if (content === null) return refuse(response, 404);

  const etag = content.contentId === null ? undefined : `"${content.contentId}"`;
  const type = mediaTypeOf(content.name);
  const headers = {
    'content-type': type,
    'content-security-policy': type === 'application/pdf' ? PDF_POLICY : POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': page(),
    'access-control-expose-headers': 'content-range, content-length',
    'content-disposition': disposition(content.name, url.searchParams.has('download')),
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    ...(etag !== undefined && { etag }),
  };
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    await content.close();
    response.writeHead(304, headers).end();
    return;
  }
  const range = parseRange(request.headers.range, content.size);
  if (range === 'none-of-it') {
    await content.close();
    response.writeHead(416, { ...headers, 'content-range': `bytes */${content.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: content.size };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': end - start,
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${content.size}` }),
  });
  if (request.method === 'HEAD') {
    await content.close();
    response.end();
    return;
  }
  await pipeline(await content.read({ start, end }), response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0, 'x-content-type-options': 'nosniff' }).end();
}

const disposition = (name: string, download: boolean): string =>
  `${download ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;
