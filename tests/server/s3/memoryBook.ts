import type { BookedPart, StagingBook } from '../../../server/content/s3/book.ts';
import type { ObjectKey } from '../../../server/content/store.ts';

/** The book of one upload, for tests of a store without a database. */
export function memoryBook(key: ObjectKey, size: number, parts: number): StagingBook {
  let multipart: string | null = null;
  let booked = Array.from({ length: parts }, (_, part): BookedPart => ({ part, etag: null, there: 0 }));
  const change = (part: number, what: Partial<BookedPart>): void => {
    booked = booked.map((each) => (each.part === part ? { ...each, ...what } : each));
  };
  return {
    upload: async () => ({ key, size, multipart }),
    async begin(_id, begun) {
      multipart ??= begun;
      return multipart;
    },
    parts: async () => booked,
    stored: async (_id, part, etag) => change(part, { etag }),
    kept: async (_id, part, there) => change(part, { there }),
    async reset() {
      multipart = null;
      booked = booked.map(({ part }) => ({ part, etag: null, there: 0 }));
    },
  };
}
