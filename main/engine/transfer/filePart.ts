import type { ByteRange } from '../../../shared/api/uploads.ts';
import { MiB } from '../../../shared/bytes.ts';
import type { Filesystem, OpenFile } from '../disk/filesystem.ts';
import { FileFailure, fileFailure } from '../hash/fileFailure.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import type { BodySource } from './requestBody.ts';

const PIECE_BYTES = 1 * MiB;

/** A file that is sent part by part through one descriptor, and that must stay what it was when first observed. */
export class SentFile {
  readonly #path: string;
  readonly #handle: OpenFile;
  readonly #expected: DiskStat;
  readonly #spare: Buffer[] = [];

  private constructor(path: string, handle: OpenFile, expected: DiskStat) {
    this.#path = path;
    this.#handle = handle;
    this.#expected = expected;
  }

  /** Rejects with FileFailure. */
  static async open(fs: Filesystem, path: string, expected: DiskStat): Promise<SentFile> {
    try {
      const file = new SentFile(path, await fs.open(path, 'read'), expected);
      await file.check().catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      return file;
    } catch (error) {
      throw fileFailure(error);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Throws FileFailure `changed` unless the file is still as expected. */
  async check(): Promise<void> {
    const stat = await this.#handle.stat();
    if (stat === undefined || !sameObservation(stat, this.#expected)) throw this.#changed();
  }

  /** The ranges one after the other as a request's body; throws FileFailure when the file changes meanwhile. */
  body(ranges: readonly ByteRange[]): BodySource {
    return { length: ranges.reduce((sum, [, length]) => sum + length, 0), pieces: () => this.#pieces(ranges) };
  }

  async *#pieces(ranges: readonly ByteRange[]): AsyncGenerator<Uint8Array> {
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    try {
      for (const [offset, length] of ranges) {
        for (let done = 0; done < length; ) {
          const wanted = Math.min(PIECE_BYTES, length - done);
          const bytesRead = await this.#handle.read(buffer, wanted, offset + done);
          if (bytesRead === 0) throw this.#changed();
          yield buffer.subarray(0, bytesRead);
          done += bytesRead;
        }
      }
      await this.check();
    } catch (error) {
      throw fileFailure(error);
    } finally {
      this.#spare.push(buffer);
    }
  }

  #changed(): FileFailure {
    return new FileFailure('changed', `The file changed while it was sent: ${this.#path}`);
  }
}
