import type { UploadId } from '../../shared/ids.ts';
import type { StagingBook } from '../content/s3/book.ts';
import type { Databases } from '../db/connect.ts';

/** What is known of uploads that go to a bucket, in their rows. A power cut may undo the latest: it is found again, or sent. */
export function stagingBook({ read, write, progress }: Databases): StagingBook {
  return {
    async upload(id) {
      const row = await read
        .selectFrom('uploads')
        .select(['object_key', 'size', 'multipart'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row && { key: row.object_key, size: row.size, multipart: row.multipart };
    },

    async begin(id, multipart) {
      await write
        .updateTable('uploads')
        .set({ multipart })
        .where('id', '=', id)
        .where('multipart', 'is', null)
        .where('state', '=', 'open')
        .execute();
      const row = await write.selectFrom('uploads').select('multipart').where('id', '=', id).executeTakeFirst();
      return row?.multipart ?? multipart;
    },

    parts: (id) =>
      read
        .selectFrom('upload_parts')
        .select(['part', 'etag', 'there'])
        .where('upload_id', '=', id)
        .orderBy('part')
        .execute(),

    async stored(id, part, etag) {
      await progress((trx) => onePart(trx, id, part).set({ etag }).execute());
    },

    async kept(id, part, chunks) {
      await progress((trx) => onePart(trx, id, part).set({ there: chunks }).where('there', '<', chunks).execute());
    },

    async reset(id) {
      await progress(async (trx) => {
        await trx.updateTable('uploads').set({ multipart: null }).where('id', '=', id).execute();
        await trx.updateTable('upload_parts').set({ etag: null, there: 0 }).where('upload_id', '=', id).execute();
      });
    },
  };
}

const onePart = (trx: Databases['write'], id: UploadId, part: number) =>
  trx.updateTable('upload_parts').where('upload_id', '=', id).where('part', '=', part);
