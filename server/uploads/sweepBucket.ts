import { ABANDONED_MS, stagedUpload } from '../content/s3/construction.ts';
import { isOurs } from '../content/s3/owner.ts';
import { padded } from '../db/lists.ts';
import type { Services } from '../services.ts';

/**
 * Lets go of what a bucket holds of uploads that no row knows any more: their multipart uploads, which nobody sees and
 * everybody pays for, and the beginnings of parts that broke off.
 */
export async function sweepBucket({ content, db }: Services, now: number): Promise<void> {
  const bucket = content.bucket?.bucket;
  if (!bucket || !(await isOurs(bucket, db.serverId))) return;
  const open = db.read.selectFrom('uploads').where('state', '=', 'open');
  for await (const page of bucket.multiparts()) {
    const old = page.filter(({ at }) => at < now - ABANDONED_MS);
    const ids = padded(old.map(({ id }) => id));
    const known = ids.length === 0 ? [] : await open.select('multipart').where('multipart', 'in', ids).execute();
    const named = new Set(known.map(({ multipart }) => multipart));
    for (const { key, id } of old) if (!named.has(id)) await bucket.abort(key, id);
  }
  for await (const page of bucket.list('staging/')) {
    const old = page.flatMap(({ key, at }) => {
      const id = stagedUpload(key);
      return id !== undefined && at < now - ABANDONED_MS ? [{ key, id }] : [];
    });
    if (old.length === 0) continue;
    const known = await open
      .select('id')
      .where('id', 'in', padded(old.map(({ id }) => id)))
      .execute();
    const named = new Set(known.map(({ id }) => id));
    await bucket.remove(old.filter(({ id }) => !named.has(id)).map(({ key }) => key));
  }
}
