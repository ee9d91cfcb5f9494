import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredContent } from '../content/objects.ts';
import type { Services } from '../services.ts';
import { sendBytes } from './body.ts';
import { matches } from './etag.ts';
import { readRange } from './range.ts';

/** How long an address in the bucket is good for, in s: a download that has begun goes on. */
const ADDRESS_S = 300;

/** Answers with stored bytes, all or the range asked for, as an attachment that no browser runs. */
export async function sendContent(
  { content, config }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { contentId, store, key, size, name }: StoredContent,
): Promise<FastifyReply> {
  const etag = `"${contentId}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': attachment(name),
    // What people store is never run in the server's name.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();

  const { range, 'if-range': ifRange } = request.headers;
  // Only this server knows its own ETags, and what a head says.
  if (redirects(config, store) && content.bucket && request.method === 'GET' && ifRange === undefined && size > 0) {
    const location = await content.bucket.bucket.address(key, attachment(name), ADDRESS_S);
    return reply.code(307).headers({ location, 'cache-control': 'private, no-store' }).send();
  }
  const span = ifRange === undefined || ifRange === etag ? readRange(range, size) : 'whole';
  if (span === 'unsatisfiable') {
    reply.code(416).header('content-range', `bytes */${size}`);
    return reply.send();
  }
  const { start, length } = span === 'whole' ? { start: 0, length: size } : span;
  if (span !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${start + length - 1}/${size}`);
  reply.type('application/octet-stream').header('content-length', length);
  const pieces = request.method === 'HEAD' ? NOTHING : await content.of(store).read(key, start, length);
  reply.hijack().raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  await sendBytes(reply.raw, pieces);
  return reply;
}

const redirects = (config: Services['config'], store: string): boolean =>
  store === 's3' && config.s3?.downloads === 'redirect';

const NOTHING = { async *[Symbol.asyncIterator]() {} };

/** RFC 6266: a plain name for old clients, the true one in UTF-8. */
function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
