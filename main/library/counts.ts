import { FILE_TYPES, type FileType } from '../../shared/fileTypes.ts';
import { LISTED, type LibraryDatabase } from './database.ts';

export interface Counts {
  readonly files: number;
  readonly favourites: number;
  readonly trashed: number;
  readonly byType: Readonly<Record<FileType, number>>;
}

/** What of a node is counted. */
export interface Counted {
  readonly listed: number;
  readonly file: number;
  readonly type: FileType;
  readonly favourite: number;
}

/** How many there are of each, kept as nodes come and go. */
export class Counter {
  #files = 0;
  #favourites = 0;
  #trashed = 0;
  readonly #byType: Record<FileType, number> = {
    image: 0,
    video: 0,
    audio: 0,
    scene: 0,
    project: 0,
    document: 0,
    other: 0,
  };

  constructor(db: LibraryDatabase) {
    const rows = db.prepare<[], Counted & { readonly count: number }>(
      'SELECT listed, file, type, favourite, count(*) AS count FROM nodes GROUP BY listed, file, type, favourite',
    );
    for (const row of rows.all()) this.#add(row, row.count);
  }

  change(before: Counted | undefined, after: Counted | undefined): void {
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  get now(): Counts {
    const byType = { ...this.#byType };
    return { files: this.#files, favourites: this.#favourites, trashed: this.#trashed, byType };
  }

  #add({ listed, file, type, favourite }: Counted, count: number): void {
    if (listed === LISTED.trashed && file === 1) this.#trashed += count;
    if (listed !== LISTED.live || file !== 1) return;
    this.#files += count;
    this.#favourites += favourite * count;
    if (type in FILE_TYPES) this.#byType[type] += count;
  }
}
