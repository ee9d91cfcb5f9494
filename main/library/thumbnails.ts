import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ThumbnailSize } from '../../shared/api/media.ts';
import { paths } from '../../shared/api/paths.ts';
import { MiB } from '../../shared/bytes.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { ServerFailure } from '../engine/transfer/failure.ts';

export const THUMBNAILS_MAX_BYTES = 512 * MiB;
/** A window full of pictures must not keep sync from the server. */
const AT_ONCE = 4;
/** No thumbnail is larger; what is, is none. */
const LARGEST = 4 * MiB;

export interface ThumbnailsOptions {
  /** Absolute; made if missing. */
  readonly folder: string;
  readonly insight: Insight;
  /** A node that shows the content. */
  readonly nodeWith: (contentId: ContentId) => NodeId | null;
  readonly maxBytes?: number;
}

interface Job {
  readonly key: string;
  readonly contentId: ContentId;
  readonly size: ThumbnailSize;
  readonly done: Promise<Buffer | null>;
  readonly settle: (picture: Buffer | null) => void;
}

/**
 * Small pictures, kept on disk by what they show and how large they are. The newest wish is fetched first: who scrolls
 * wants to see what is on the screen now. What was not looked at for longest makes room for the rest.
 */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  readonly #maxBytes: number;
  /** Bytes by key, in the order in which they were last looked at. */
  readonly #kept = new Map<string, number>();
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Job[] = [];
  #bytes = 0;
  #running = 0;

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? THUMBNAILS_MAX_BYTES;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    for (const { key, bytes } of listed(options.folder)) {
      this.#kept.set(key, bytes);
      this.#bytes += bytes;
    }
  }

  /** null: there is none, or it cannot be had now. */
  async picture(contentId: ContentId, size: ThumbnailSize): Promise<Buffer | null> {
    const key = `${contentId}-${size}`;
    return (await this.#fromDisk(key)) ?? this.#fetched(key, contentId, size);
  }

  async #fromDisk(key: string): Promise<Buffer | null> {
    const bytes = this.#kept.get(key);
    if (bytes === undefined) return null;
    try {
      const picture = await readFile(this.#path(key));
      this.#kept.delete(key);
      this.#kept.set(key, bytes);
      void utimes(this.#path(key), new Date(), new Date()).catch(() => undefined);
      return picture;
    } catch {
      // Somebody cleared it away: it is fetched again.
      this.#forget(key);
      return null;
    }
  }

  #fetched(key: string, contentId: ContentId, size: ThumbnailSize): Promise<Buffer | null> {
    const known = this.#jobs.get(key);
    if (known) return known.done;
    const { promise, resolve } = Promise.withResolvers<Buffer | null>();
    const job: Job = { key, contentId, size, done: promise, settle: resolve };
    this.#jobs.set(key, job);
    this.#waiting.push(job);
    this.#next();
    return promise;
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const job = this.#waiting.pop();
      if (!job) return;
      this.#running += 1;
      void this.#fetch(job).then((picture) => {
        this.#running -= 1;
        this.#jobs.delete(job.key);
        job.settle(picture);
        this.#next();
      });
    }
  }

  async #fetch({ key, contentId, size }: Job): Promise<Buffer | null> {
    const { insight, nodeWith } = this.#options;
    const id = nodeWith(contentId);
    if (id === null) return null;
    try {
      const query = { size: `${size}`, content: contentId };
      const answer = await insight.fetch({ method: 'GET', path: paths.thumbnail(id), query });
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of answer) {
        bytes += piece.length;
        if (bytes > LARGEST) return null;
        pieces.push(piece);
      }
      const picture = Buffer.concat(pieces);
      await this.#keep(key, picture);
      return picture;
    } catch (error) {
      if (error instanceof ServerFailure) return null;
      throw error;
    }
  }

  async #keep(key: string, picture: Buffer): Promise<void> {
    try {
      const path = this.#path(key);
      await mkdir(join(this.#options.folder, key.slice(0, 2)), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, picture);
      await rename(`${path}.new`, path);
      this.#forget(key);
      this.#kept.set(key, picture.length);
      this.#bytes += picture.length;
      await this.#makeRoom();
    } catch {
      // No room for it: it is shown all the same, and fetched again another time.
    }
  }

  async #makeRoom(): Promise<void> {
    for (const [key] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#forget(key);
      await unlink(this.#path(key));
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key) ?? 0;
    this.#kept.delete(key);
  }

  #path(key: string): string {
    return join(this.#options.folder, key.slice(0, 2), key);
  }
}

/** What lies there from before, the longest unused first. */
function listed(folder: string): readonly { readonly key: string; readonly bytes: number }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(folder, entry.name)).map((key) => ({ key, path: join(folder, entry.name, key) })),
    )
    .filter(({ key }) => !key.endsWith('.new'))
    .map(({ key, path }) => ({ key, stat: statSync(path) }))
    .sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)
    .map(({ key, stat }) => ({ key, bytes: stat.size }));
}
