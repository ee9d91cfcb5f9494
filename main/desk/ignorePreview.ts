import type { LibraryQuery } from '../../shared/desktop/library.ts';
import { IgnoreRules } from '../engine/scan/ignore.ts';
import type { Library } from '../library/library.ts';

const EXAMPLES = 20;
/** A preview answers while one types: beyond so many files it says “at least”. */
const LOOKED_AT = 50_000;

export interface IgnorePreview {
  readonly count: number;
  readonly examples: readonly string[];
  readonly fault: string | null;
}

/** What the patterns would keep from being synced, of the files that are there now. */
export function previewIgnores(library: Library, patterns: string): IgnorePreview {
  const rules = new IgnoreRules(patterns);
  const plain = new IgnoreRules();
  const examples: string[] = [];
  let count = 0;
  const view = library.open(EVERYTHING);
  try {
    const items = library.rows(view.id, 0, Math.min(view.total, LOOKED_AT)) ?? [];
    for (const { id, name } of items) {
      const path = [...library.folders.path(library.parentOf(id)), name].join('/');
      if (!ignoredWithin(rules, path) || plain.reason(path, 'file') !== null) continue;
      count += 1;
      if (examples.length < EXAMPLES) examples.push(path);
    }
  } finally {
    library.close(view.id);
  }
  const fault = count > 0 && count === view.total ? 'These patterns match everything: narrow them down.' : null;
  return { count, examples, fault };
}

/** A file is left alone with the folder it lies in. */
function ignoredWithin(rules: IgnoreRules, path: string): boolean {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (rules.reason(path.slice(0, slash), 'folder') !== null) return true;
  }
  return rules.reason(path, 'file') !== null;
}

const EVERYTHING: LibraryQuery = {
  place: { kind: 'all' },
  search: '',
  tags: [],
  favourites: false,
  sort: 'name',
  descending: false,
};
