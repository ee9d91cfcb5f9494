import type { ByteRange } from '../../shared/api/uploads.ts';
import { diskFull } from '../diskFull.ts';
import type { Refusal } from '../refusal.ts';
import type { PartReceiver } from './store.ts';

/**
 * The parts that are being received, by the file they belong to. Each takes its bytes to the end, so that the answer
 * reaches the client, but writes none of them where they would use up the last room, and no more once its file is gone.
 */
export class PartsUnderWay {
  readonly #room: () => Promise<number>;
  readonly #parts = new Map<string, Set<Part>>();

  constructor(room: () => Promise<number>) {
    this.#room = room;
  }

  add(path: string, ranges: readonly ByteRange[], receiver: PartReceiver): PartReceiver {
    const parts = this.#parts.get(path) ?? new Set();
    this.#parts.set(path, parts);
    const part = new Part(receiver, this.#room, sizeOf(ranges), () => {
      parts.delete(part);
      if (parts.size === 0 && this.#parts.get(path) === parts) this.#parts.delete(path);
    });
    parts.add(part);
    return part;
  }

  /** Resolves when nothing is written into the file any more; its parts end with this reason. */
  async refuse(path: string, why: Refusal): Promise<void> {
    await Promise.all([...(this.#parts.get(path) ?? [])].map((part) => part.refuse(why)));
  }
}

const sizeOf = (ranges: readonly ByteRange[]): number => ranges.reduce((sum, [, length]) => sum + length, 0);

class Part implements PartReceiver {
  readonly #receiver: PartReceiver;
  readonly #room: () => Promise<number>;
  readonly #bytes: number;
  readonly #ended: () => void;
  #checked: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #finishing: Promise<number> | undefined;
  #refused: Refusal | undefined;

  constructor(receiver: PartReceiver, room: () => Promise<number>, bytes: number, ended: () => void) {
    this.#receiver = receiver;
    this.#room = room;
    this.#bytes = bytes;
    this.#ended = ended;
  }

  async take(pieces: readonly Uint8Array[]): Promise<void> {
    this.#checked ??= this.#check();
    await this.#checked;
    if (this.#refused) return;
    this.#writing = this.#receiver.take(pieces);
    await this.#writing;
  }

  async finish(): Promise<number> {
    await this.#checked;
    if (this.#refused) throw this.#refused;
    this.#finishing = this.#receiver.finish();
    const chunks = await this.#finishing;
    if (this.#refused) throw this.#refused;
    return chunks;
  }

  drop(): void {
    this.#receiver.drop();
    this.#ended();
  }

  async refuse(why: Refusal): Promise<void> {
    this.#refused ??= why;
    await (this.#finishing ?? this.#writing).catch(() => undefined);
    if (!this.#finishing) this.#receiver.drop();
  }

  async #check(): Promise<void> {
    if ((await this.#room()) < this.#bytes) this.#refused ??= diskFull();
  }
}
