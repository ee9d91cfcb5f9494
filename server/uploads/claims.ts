import type { UploadId } from '../../shared/ids.ts';
import type { ContentStore } from '../content/store.ts';
import { diskFull } from '../diskFull.ts';

interface Claim {
  readonly bytes: number;
  usedAt: number;
}

/** A claim that was not used for this long, in ms, keeps nobody else's file from the disk. */
const IDLE_MS = 10 * 60_000;

/**
 * The room on the disk that uploads under way are still going to take. Without it, uploads that fit one by one would
 * together fill the disk, and none of them could end. Only in memory: a guess that saves work, not a promise.
 */
export class DiskClaims {
  readonly #content: ContentStore;
  readonly #claims = new Map<UploadId, Claim>();

  constructor(content: ContentStore) {
    this.#content = content;
  }

  /** Refused as disk-full when the file does not fit beside the uploads that came before it. */
  async claim(id: UploadId, bytes: number): Promise<void> {
    this.#claims.set(id, { bytes, usedAt: Date.now() });
    let room = await this.#content.room();
    for (const [other, { bytes: wanted, usedAt }] of this.#claims) {
      if (other !== id && usedAt < Date.now() - IDLE_MS) continue;
      room -= Math.max(0, wanted - (await this.#content.staged(other).held()));
      if (other === id) break;
    }
    if (room >= 0) return;
    this.#claims.delete(id);
    throw diskFull();
  }

  use(id: UploadId): void {
    const claim = this.#claims.get(id);
    if (claim) claim.usedAt = Date.now();
  }

  /** The upload has ended, one way or the other. */
  drop(id: UploadId): void {
    this.#claims.delete(id);
  }
}
