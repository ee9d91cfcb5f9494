import { UploadId } from '../../../shared/ids.ts';
import { type Refusal, refuse } from '../../refusal.ts';
import { NotThere } from '../notThere.ts';
import type { ObjectKey, StagedPart } from '../store.ts';
import type { BookedUpload, StagingBook } from './book.ts';
import type { Bucket } from './bucket.ts';
import type { Payload } from './payload.ts';
import { isGone, isNamed } from './persist.ts';

/** What belongs to no upload is let go of after this, in ms: by then its row would be there. */
export const ABANDONED_MS = 24 * 3_600_000;

/** Everything that is kept of an upload besides its whole parts. */
const keptFolder = (id: UploadId): string => `staging/${id}/`;

/** The beginning of a part that broke off. Its name says how much of it there is, so that none is ever written over. */
export const keptKey = (id: UploadId, part: number, chunks: number): ObjectKey => `${keptFolder(id)}${part}-${chunks}`;

/** The upload that a kept beginning belongs to. */
export const stagedUpload = (key: ObjectKey): UploadId | undefined => UploadId.safeParse(key.split('/')[1]).data;

/**
 * An upload's object under construction in a bucket: a multipart upload whose parts are those of the plan, or, where one
 * part is all of it, the object itself. What there is of it is in the book, so any copy of the server can go on with it.
 */
export class Construction {
  readonly #id: UploadId;
  readonly #bucket: Bucket;
  readonly #book: StagingBook;

  constructor(id: UploadId, bucket: Bucket, book: StagingBook) {
    this.#id = id;
    this.#bucket = bucket;
    this.#book = book;
  }

  /** Stores a whole part. */
  async store(part: StagedPart, payload: Payload): Promise<void> {
    const upload = await this.#upload();
    if (part.offset === 0 && part.length === upload.size) {
      await this.#book.stored(this.#id, part.part, await this.#bucket.put(upload.key, payload));
      return;
    }
    await this.#inMultipart(upload, part, (id, number) => this.#bucket.putPart(upload.key, id, number, payload));
  }

  /** Makes a whole part of bytes that lie in the bucket. */
  async copy(part: StagedPart, from: ObjectKey, start: number): Promise<void> {
    const source = await this.#bucket.head(from);
    if (!source) throw new NotThere(from);
    const upload = await this.#upload();
    await this.#inMultipart(upload, part, (id, number) =>
      this.#bucket.copyPart(
        { key: upload.key, id, number },
        { key: from, etag: source.etag, start, length: part.length },
      ),
    );
  }

  /** Makes the object of its parts. Asked again, it is there already. */
  async publish(key: ObjectKey, size: number): Promise<void> {
    const { multipart } = await this.#upload();
    const parts = await this.#book.parts(this.#id);
    if (parts.some(({ etag }) => etag === null))
      throw new Error('An upload in a bucket was completed without all parts.');
    if (size === 0) await this.#bucket.putNew(key, new Uint8Array());
    else if (multipart !== null) {
      await this.#complete(key, multipart, new Map(parts.map(({ part, etag }) => [part + 1, etag ?? ''])));
    }
    const found = await this.#bucket.head(key);
    if (found?.size !== size) throw new Error(`An object in a bucket holds ${found?.size} bytes instead of ${size}.`);
    if (parts.some(({ there }) => there > 0)) await this.#removeKept();
  }

  /** Lets go of all that there is, in the bucket and in the book. */
  async discard(): Promise<void> {
    const upload = await this.#book.upload(this.#id);
    if (upload?.multipart) await this.#bucket.abort(upload.key, upload.multipart);
    await this.#removeKept();
    await this.#book.reset(this.#id);
  }

  async #upload(): Promise<BookedUpload> {
    const upload = await this.#book.upload(this.#id);
    if (!upload) throw refuse('upload-gone', 'This upload has ended. Open a new one.');
    return upload;
  }

  async #inMultipart(
    upload: BookedUpload,
    { part }: StagedPart,
    make: (id: string, number: number) => Promise<string>,
  ): Promise<void> {
    const id = upload.multipart ?? (await this.#begin(upload.key));
    try {
      await this.#book.stored(this.#id, part, await make(id, part + 1));
    } catch (error) {
      if (!isNamed(error, 'NoSuchUpload')) throw error;
      // The bucket's owner lets go of unfinished uploads sooner than this server: nothing of it is left.
      await this.#book.reset(this.#id);
      throw beginsAgain();
    }
  }

  async #begin(key: ObjectKey): Promise<string> {
    const begun = await this.#bucket.begin(key);
    const counts = await this.#book.begin(this.#id, begun);
    if (counts !== begun) await this.#bucket.abort(key, begun);
    return counts;
  }

  /**
   * An answer may have been lost, or another copy of the server have been first: then the object is there. Two copies may
   * also have stored the same part, of which the book knows one: the bucket's own list of parts is right then.
   */
  async #complete(key: ObjectKey, id: string, etags: ReadonlyMap<number, string>): Promise<void> {
    try {
      await this.#bucket.complete(key, id, etags);
    } catch (error) {
      if (isGone(error)) return;
      if (!isNamed(error, 'InvalidPart')) throw error;
      const there = await this.#bucket.parts(key, id);
      await this.#bucket.complete(
        key,
        id,
        new Map([...etags.keys()].map((number) => [number, there.get(number) ?? ''])),
      );
    }
  }

  async #removeKept(): Promise<void> {
    for await (const page of this.#bucket.list(keptFolder(this.#id))) {
      if (page.length > 0) await this.#bucket.remove(page.map(({ key }) => key));
    }
  }
}

const beginsAgain = (): Refusal => refuse('unavailable', 'The upload begins again. Ask for its status.');
