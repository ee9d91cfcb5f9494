import type { UploadId } from '../../shared/ids.ts';
import type { Claim, Copies } from '../db/copies.ts';
import { refuse } from '../refusal.ts';
import type { LiveUpload } from './live.ts';

/** A client that meets the copy of the server that has not got its upload asks again after so long. */
const AGAIN_SECONDS = 1;

/**
 * Open uploads of this run. Only one copy of the server has an upload at a time: two would each know half of what has been
 * received, and take the staged bytes from each other. Another copy that is asked for it says so to the one that has it,
 * which lets go as soon as no part of it is under way.
 */
export class LiveUploads {
  readonly #live = new Map<UploadId, Promise<LiveUpload>>();
  readonly #claims = new Map<UploadId, Claim>();
  readonly #copies: Copies;

  constructor(copies: Copies) {
    this.#copies = copies;
    copies.channel('uploads').hear((id) => {
      for (const each of id === null ? [...this.#live.keys()] : [id as UploadId]) void this.#letGo(each);
    });
  }

  get(id: UploadId): Promise<LiveUpload> | undefined {
    return this.#live.get(id);
  }

  values(): IterableIterator<Promise<LiveUpload>> {
    return this.#live.values();
  }

  /** What is known of it, or is found out now. Refused as unavailable while another copy of the server has it. */
  take(id: UploadId, find: () => Promise<LiveUpload>): Promise<LiveUpload> {
    const known = this.#live.get(id);
    if (known) return known;
    const taken = this.#claim(id).then(find);
    this.#live.set(id, taken);
    taken.catch(() => this.delete(id));
    return taken;
  }

  delete(id: UploadId): void {
    this.#live.delete(id);
    const claim = this.#claims.get(id);
    this.#claims.delete(id);
    void claim?.release();
  }

  async #claim(id: UploadId): Promise<void> {
    const claim = await this.#copies.claim('upload', [id]);
    if (claim.ids.has(id)) {
      this.#claims.set(id, claim);
      return;
    }
    this.#copies.channel('uploads').tell(id);
    throw refuse('unavailable', 'Another copy of the server has this upload. Try again in a moment.', {
      retryAfterSeconds: AGAIN_SECONDS,
    });
  }

  /** What is staged is looked at again by whoever takes it next. */
  async #letGo(id: UploadId): Promise<void> {
    const live = await this.#live.get(id)?.catch(() => undefined);
    if (!live || live.receiving.size > 0 || live.completing) return;
    await live.copies.stop();
    await live.behind.idle();
    this.delete(id);
  }
}
