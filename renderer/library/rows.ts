import type { LibraryItem } from '../../shared/desktop/library.ts';
import type { Range } from './ranges.ts';

export const PAGE = 100;
/** Pages kept; the ones longest unseen go first. */
const PAGES_KEPT = 60;
/** Pages asked for at once, so that a flick through a long list asks for where it ends and not for all it passed. */
const AT_ONCE = 3;

export type Load = (from: number, to: number) => Promise<readonly LibraryItem[] | undefined>;

/** The rows of one view, in pages, as far as they were looked at. */
export class Rows {
  readonly #load: Load;
  readonly #arrived: () => void;
  readonly #pages = new Map<number, readonly LibraryItem[]>();
  readonly #underWay = new Set<number>();
  #wanted: readonly number[] = [];

  constructor(load: Load, arrived: () => void) {
    this.#load = load;
    this.#arrived = arrived;
  }

  get(index: number): LibraryItem | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Sees to it that these rows come; what was wanted before and has not been asked for is forgotten. */
  want({ from, to }: Range): void {
    const pages: number[] = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      const known = this.#pages.get(page);
      if (known === undefined) pages.push(page);
      else this.#touch(page, known);
    }
    this.#wanted = pages;
    this.#askForMore();
  }

  /** The same, and waits for them. */
  async have(range: Range): Promise<void> {
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(range.from / PAGE); page * PAGE < range.to; page++) {
      if (!this.#pages.has(page)) pages.push(this.#fetch(page));
    }
    await Promise.all(pages);
  }

  #askForMore(): void {
    for (const page of this.#wanted) {
      if (this.#underWay.size >= AT_ONCE) return;
      if (!this.#underWay.has(page) && !this.#pages.has(page)) void this.#fetch(page).then(() => this.#askForMore());
    }
  }

  async #fetch(page: number): Promise<void> {
    this.#underWay.add(page);
    const rows = await this.#load(page * PAGE, (page + 1) * PAGE);
    this.#underWay.delete(page);
    if (rows === undefined) return;
    this.#touch(page, rows);
    this.#arrived();
  }

  #touch(page: number, rows: readonly LibraryItem[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) return;
      this.#pages.delete(oldest);
    }
  }
}
