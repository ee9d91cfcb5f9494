import { Me, SignInMethods } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { StorageBreakdown, StorageUsage } from '../../shared/api/storage.ts';
import type { StorageSlice } from '../../shared/desktop/snapshot.ts';
import { FILE_TYPES, type FileType } from '../../shared/fileTypes.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { isProblem } from '../engine/transfer/failure.ts';

/** Asked again at most so often, in ms, however much goes on. */
const REST_MS = 3_000;

export interface Account {
  readonly name: string;
  readonly plan: string;
  readonly clerkKey: string | null;
}

/** No more than is shown, so that servers of other versions are understood. */
const Known = Me.pick({ name: true, plan: true });

/** What the window shows of the server beyond files: who one is there, and how much room is left. */
export class ServerFacts {
  readonly #insight: Insight;
  readonly #onChanged: () => void;
  #account: Account | null = null;
  #storage: StorageSlice | null = null;
  #timer: NodeJS.Timeout | null = null;
  #askedAt = -Infinity;
  #closed = false;

  constructor(insight: Insight, onChanged: () => void) {
    this.#insight = insight;
    this.#onChanged = onChanged;
  }

  get account(): Account | null {
    return this.#account;
  }

  get storage(): StorageSlice | null {
    return this.#storage;
  }

  /** Something that it says may be different now. */
  due(): void {
    if (this.#timer || this.#closed) return;
    const wait = Math.max(0, this.#askedAt + REST_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#askedAt = performance.now();
      void this.#ask();
    }, wait);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    try {
      if (this.#account === null) {
        const { name, plan } = await this.#insight.ask({ method: 'GET', path: paths.me }, Known);
        this.#account = { name, plan, clerkKey: await this.#askClerkKey() };
      }
      this.#storage = await this.#askStorage();
    } catch {
      // What was known stays; it is asked again when something changes.
    }
    if (!this.#closed) this.#onChanged();
  }

  async #askClerkKey(): Promise<string | null> {
    try {
      const { clerk } = await this.#insight.ask({ method: 'GET', path: paths.auth }, SignInMethods);
      return clerk?.publishableKey ?? null;
    } catch (error) {
      // An older server knows no such thing.
      if (isProblem(error, 'not-found')) return null;
      throw error;
    }
  }

  async #askStorage(): Promise<StorageSlice> {
    const usage = await this.#insight.ask({ method: 'GET', path: paths.usage }, StorageUsage);
    const { usedBytes, reservedBytes, keptBytes, limitBytes } = usage;
    return { usedBytes, reservedBytes, keptBytes, limitBytes, byType: await this.#askBreakdown() };
  }

  async #askBreakdown(): Promise<Record<FileType, number>> {
    const byType = Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, 0])) as Record<FileType, number>;
    try {
      const { parts } = await this.#insight.ask({ method: 'GET', path: paths.breakdown }, StorageBreakdown);
      for (const { type, bytes } of parts) byType[type] += bytes;
    } catch (error) {
      // An older server does not tell.
      if (!isProblem(error, 'not-found')) throw error;
    }
    return byType;
  }
}
