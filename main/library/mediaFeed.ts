import { type MediaFacts, MediaPage } from '../../shared/api/media.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { isProblem } from '../engine/transfer/failure.ts';
import type { LibraryDatabase } from './database.ts';

const CURSOR = 'media-after';
/** Whose feed that is a place in. */
const SERVER = 'media-of';
const FIRST = '0';

/** Follows what the server finds out about contents. A server that does not tell such things is not asked again. */
export class MediaFeed {
  readonly #db: LibraryDatabase;
  readonly #insight: Insight;
  readonly #onChanged: () => void;
  readonly #statements;
  readonly #stop = new AbortController();
  #reading = false;
  #again = false;
  #unknown = false;

  constructor(db: LibraryDatabase, insight: Insight, onChanged: () => void) {
    this.#db = db;
    this.#insight = insight;
    this.#onChanged = onChanged;
    this.#statements = {
      meta: db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck(),
      setMeta: db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
      put: db.prepare(`INSERT OR REPLACE INTO media
        (content_id, thumbnail, blurhash, width, height, duration_ms, mime, codec, taken_at, camera, pages, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    };
  }

  /** Reads what is new. May be called at any time. */
  async look(): Promise<void> {
    if (this.#unknown) return;
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#read();
      }
    } catch (error) {
      // Anything else passes: it is read again when the server says that there is more.
      if (isProblem(error, 'not-found')) this.#unknown = true;
    } finally {
      this.#reading = false;
    }
  }

  close(): void {
    this.#stop.abort();
  }

  /** Another server, or one that was set back, has another feed: it is read from its beginning. */
  async #read(): Promise<void> {
    const { serverId } = this.#insight;
    if (serverId !== null && this.#meta(SERVER) !== serverId) this.#beginAnew(serverId);
    try {
      await this.#readOn();
    } catch (error) {
      if (!isProblem(error, 'cursor-unknown') || this.#meta(CURSOR) === FIRST) throw error;
      this.#beginAnew(serverId);
      await this.#readOn();
    }
  }

  #beginAnew(serverId: string | null): void {
    this.#statements.setMeta.run(CURSOR, FIRST);
    if (serverId !== null) this.#statements.setMeta.run(SERVER, serverId);
    this.#unknown = false;
  }

  #meta(key: string): string | undefined {
    return this.#statements.meta.get(key);
  }

  async #readOn(): Promise<void> {
    for (let caughtUp = false; !caughtUp; ) {
      const after = this.#meta(CURSOR) ?? FIRST;
      const request = { method: 'GET' as const, path: paths.media, query: { after }, signal: this.#stop.signal };
      const page = await this.#insight.ask(request, MediaPage);
      if (this.#stop.signal.aborted) return;
      this.#db.transaction(() => {
        for (const facts of page.facts) this.#put(facts);
        this.#statements.setMeta.run(CURSOR, page.next);
      })();
      if (page.facts.length > 0) this.#onChanged();
      caughtUp = page.caughtUp || page.facts.length === 0;
    }
  }

  #put(facts: MediaFacts): void {
    this.#statements.put.run(
      facts.contentId,
      facts.thumbnail ? 1 : 0,
      facts.blurhash ?? null,
      facts.width ?? null,
      facts.height ?? null,
      facts.durationMs ?? null,
      facts.mime,
      facts.codec ?? null,
      facts.takenAt ?? null,
      facts.camera ?? null,
      facts.pages ?? null,
      facts.reason ?? null,
    );
  }
}
