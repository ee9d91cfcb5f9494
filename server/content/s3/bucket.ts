import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { S3Config } from '../../settings/s3.ts';
import type { ObjectKey } from '../store.ts';
import { bytesPayload, type Payload } from './payload.ts';
import { isGone, isNamed, type Persistence } from './persist.ts';
import { vouching } from './vouch.ts';

/** Connections at a time, whatever is asked. */
const CONNECTIONS = 64;
const CONNECT_MS = 5_000;
/** A connection that says nothing for so long, in ms, is given up. */
const SILENT_MS = 30_000;
/** What one request may remove. */
const REMOVED_AT_A_TIME = 1_000;

const ignore = (): void => undefined;

export interface Listed {
  readonly key: ObjectKey;
  readonly size: number;
  /** Last written, Unix ms. */
  readonly at: number;
}

export interface Multipart {
  readonly key: ObjectKey;
  readonly id: string;
  readonly at: number;
}

/** One bucket, below one prefix: its requests in this server's words, each made again where that can help. */
export class Bucket {
  readonly #client: S3Client;
  readonly #name: string;
  readonly #prefix: string;
  readonly #persistence: Persistence;

  constructor(config: S3Config, persistence: Persistence, silentMs = SILENT_MS) {
    this.#name = config.bucket;
    this.#prefix = config.prefix;
    this.#persistence = persistence;
    this.#client = new S3Client({
      region: config.region,
      forcePathStyle: config.pathStyle,
      ...(config.endpoint !== null && { endpoint: config.endpoint }),
      ...(config.credentials !== null && { credentials: config.credentials }),
      // Bodies are streams that only this server can begin again.
      maxAttempts: 1,
      // It would tell of each attempt; who has to know hears of the last.
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        socketTimeout: silentMs,
        httpAgent: { keepAlive: true, maxSockets: CONNECTIONS },
        httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS },
      },
    });
  }

  get away(): boolean {
    return this.#persistence.away;
  }

  /** Stores a new object; one that is there already is the same, left by an attempt whose answer was lost. */
  async putNew(key: ObjectKey, bytes: Uint8Array): Promise<void> {
    const payload = bytesPayload(bytes);
    try {
      await this.#put(key, payload, '*');
    } catch (error) {
      if (!isNamed(error, 'PreconditionFailed')) throw error;
      if ((await this.head(key))?.size !== payload.size) throw error;
    }
  }

  /** Stores an object, over one that may be there. Returns its ETag. */
  put(key: ObjectKey, payload: Payload): Promise<string> {
    return this.#put(key, payload, undefined);
  }

  async #put(key: ObjectKey, payload: Payload, ifNoneMatch: '*' | undefined): Promise<string> {
    const { ETag } = await this.#persistence.attempt(() => {
      const put = new PutObjectCommand({
        ...this.#at(key),
        Body: payload.open(),
        ContentLength: payload.size,
        ContentType: 'application/octet-stream',
        IfNoneMatch: ifNoneMatch,
      });
      put.middlewareStack.add(vouching(payload.sha256), { step: 'build' });
      return this.#client.send(put);
    });
    return ETag ?? '';
  }

  putBytes(key: ObjectKey, bytes: Uint8Array): Promise<string> {
    return this.put(key, bytesPayload(bytes));
  }

  /** A whole small object; undefined: it is not there. */
  async whole(key: ObjectKey): Promise<Uint8Array | undefined> {
    try {
      return await this.#persistence.attempt(async () => {
        const { Body } = await this.#client.send(new GetObjectCommand(this.#at(key)));
        return Body?.transformToByteArray();
      });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Undefined: it is not there. */
  async head(key: ObjectKey): Promise<{ size: number; etag: string } | undefined> {
    try {
      const found = await this.#persistence.attempt(() => this.#client.send(new HeadObjectCommand(this.#at(key))));
      return { size: found.ContentLength ?? 0, etag: found.ETag ?? '' };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Opens a range of an object, which must not be empty; `etag`: only if it is still this one. */
  async get(key: ObjectKey, start: number, length: number, etag?: string): Promise<{ body: Readable; etag: string }> {
    const answer = await this.#persistence.attempt(() =>
      this.#client.send(
        new GetObjectCommand({ ...this.#at(key), Range: `bytes=${start}-${start + length - 1}`, IfMatch: etag }),
      ),
    );
    if (!(answer.Body instanceof Readable)) throw new Error('A bucket has answered without a body.');
    return { body: answer.Body, etag: answer.ETag ?? '' };
  }

  /** Removes objects; one that is not there is removed already. */
  async remove(keys: readonly ObjectKey[]): Promise<void> {
    for (let from = 0; from < keys.length; from += REMOVED_AT_A_TIME) {
      const Objects = keys.slice(from, from + REMOVED_AT_A_TIME).map((key) => ({ Key: this.#prefix + key }));
      const { Errors = [] } = await this.#persistence.attempt(() =>
        this.#client.send(new DeleteObjectsCommand({ Bucket: this.#name, Delete: { Objects, Quiet: true } })),
      );
      const [first] = Errors.filter(({ Code }) => Code !== 'NoSuchKey');
      if (first) throw new Error(`The bucket does not remove ${first.Key}: ${first.Message ?? first.Code}`);
    }
  }

  /** The objects whose keys begin so, a page at a time. */
  async *list(beginning: string): AsyncGenerator<readonly Listed[]> {
    let token: string | undefined;
    do {
      const page = await this.#persistence.attempt(() =>
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#name,
            Prefix: this.#prefix + beginning,
            ContinuationToken: token,
          }),
        ),
      );
      yield (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        key: Key.slice(this.#prefix.length),
        size: Size,
        at: LastModified?.getTime() ?? Number.NaN,
      }));
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async begin(key: ObjectKey): Promise<string> {
    const { UploadId } = await this.#persistence.attempt(() =>
      this.#client.send(
        new CreateMultipartUploadCommand({ ...this.#at(key), ContentType: 'application/octet-stream' }),
      ),
    );
    if (UploadId === undefined) throw new Error('A bucket has begun an upload without saying which.');
    return UploadId;
  }

  /** `number` counts from 1. Returns the part's ETag. */
  async putPart(key: ObjectKey, id: string, number: number, payload: Payload): Promise<string> {
    const { ETag } = await this.#persistence.attempt(() => {
      const put = new UploadPartCommand({
        ...this.#at(key),
        UploadId: id,
        PartNumber: number,
        Body: payload.open(),
        ContentLength: payload.size,
      });
      put.middlewareStack.add(vouching(payload.sha256), { step: 'build' });
      return this.#client.send(put);
    });
    return ETag ?? '';
  }

  /** Makes a part of bytes that lie in the bucket already, in the very object that was looked at. */
  async copyPart(
    { key, id, number }: { readonly key: ObjectKey; readonly id: string; readonly number: number },
    source: { readonly key: ObjectKey; readonly etag: string; readonly start: number; readonly length: number },
  ): Promise<string> {
    const path = `${this.#name}/${this.#prefix}${source.key}`.split('/').map(encodeURIComponent).join('/');
    const { CopyPartResult } = await this.#persistence.attempt(() =>
      this.#client.send(
        new UploadPartCopyCommand({
          ...this.#at(key),
          UploadId: id,
          PartNumber: number,
          CopySource: path,
          CopySourceRange: `bytes=${source.start}-${source.start + source.length - 1}`,
          CopySourceIfMatch: source.etag,
        }),
      ),
    );
    return CopyPartResult?.ETag ?? '';
  }

  /** What the bucket has of a multipart upload: ETags by part number. */
  async parts(key: ObjectKey, id: string): Promise<Map<number, string>> {
    const found = new Map<number, string>();
    let marker: string | undefined;
    do {
      const page = await this.#persistence.attempt(() =>
        this.#client.send(new ListPartsCommand({ ...this.#at(key), UploadId: id, PartNumberMarker: marker })),
      );
      for (const { PartNumber = 0, ETag = '' } of page.Parts ?? []) found.set(PartNumber, ETag);
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return found;
  }

  async complete(key: ObjectKey, id: string, etags: ReadonlyMap<number, string>): Promise<void> {
    const Parts = [...etags]
      .sort(([a], [b]) => a - b)
      .map(([PartNumber, ETag]): CompletedPart => ({ PartNumber, ETag }));
    await this.#persistence.attempt(() =>
      this.#client.send(
        new CompleteMultipartUploadCommand({ ...this.#at(key), UploadId: id, MultipartUpload: { Parts } }),
      ),
    );
  }

  /** Lets go of a multipart upload and its parts; one that is gone is let go of already. */
  async abort(key: ObjectKey, id: string): Promise<void> {
    try {
      await this.#persistence.attempt(() =>
        this.#client.send(new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: id })),
      );
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** The multipart uploads under way, a page at a time. */
  async *multiparts(): AsyncGenerator<readonly Multipart[]> {
    let after: { KeyMarker: string | undefined; UploadIdMarker: string | undefined } | undefined;
    do {
      const page = await this.#persistence.attempt(() =>
        this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.#name, Prefix: this.#prefix, ...after })),
      );
      yield (page.Uploads ?? []).map(({ Key = '', UploadId = '', Initiated }) => ({
        key: Key.slice(this.#prefix.length),
        id: UploadId,
        at: Initiated?.getTime() ?? Number.NaN,
      }));
      after = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
    } while (after !== undefined);
  }

  /** An address that anybody may fetch an object from for a while, as a file of this name that no browser shows. */
  address(key: ObjectKey, disposition: string, seconds: number): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentDisposition: disposition,
      ResponseContentType: 'application/octet-stream',
      ResponseCacheControl: 'private, no-cache',
    });
    return getSignedUrl(this.#client, command, { expiresIn: seconds });
  }

  close(): void {
    this.#client.destroy();
  }

  readonly #at = (key: ObjectKey) => ({ Bucket: this.#name, Key: this.#prefix + key });
}
