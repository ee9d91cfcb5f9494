import type { ServerResponse } from 'node:http';
import { THUMBNAIL_SIZES } from '../../../shared/api/media.ts';
import { ContentId } from '../../../shared/ids.ts';
import type { Thumbnails } from '../../library/thumbnails.ts';

/** Answers with the smallest picture that is at least as large as `?size=`; what a content shows never changes. */
export async function sendThumbnail(
  thumbnails: Thumbnails | null,
  contentId: string,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const id = ContentId.safeParse(contentId);
  const wanted = Number(url.searchParams.get('size') ?? 256);
  const size = THUMBNAIL_SIZES.find((one) => one >= wanted) ?? 1024;
  const picture = id.success && thumbnails ? await thumbnails.picture(id.data, size) : null;
  const type = picture && pictureType(picture);
  if (!picture || !type) {
    response.writeHead(404, { 'content-length': 0, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    response.end();
    return;
  }
  response.writeHead(200, {
    'content-type': type,
    'content-length': picture.length,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, max-age=31536000, immutable',
  });
  response.end(picture);
}

/** By its first bytes, as the cache keeps nothing else; null: no picture that a browser should be given. */
function pictureType(picture: Buffer): string | null {
  if (picture.subarray(0, 4).equals(Buffer.from('RIFF'))) return 'image/webp';
  if (picture[0] === 0xff && picture[1] === 0xd8) return 'image/jpeg';
  if (picture[0] === 0x89) return 'image/png';
  return picture.subarray(4, 8).equals(Buffer.from('ftyp')) ? 'image/avif' : null;
}
