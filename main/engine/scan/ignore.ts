import ignore, { type Ignore } from 'ignore';
import type { Kind } from '../model.ts';

/** Patterns as git knows them, for the whole folder. It lies at the top and is synced like any file. */
export const IGNORE_FILE = '.driftlessignore';

/** Decides what is left alone unless it is synced already. */
export interface Ignores {
  /**
   * Why something is left alone, as a clause for people; null when it is synced. `path` leads there from the root, in
   * wire form and separated by `/`.
   */
  reason(path: string, kind: Kind): string | null;
}

/** Litter of operating systems, editors and browsers; case does not matter. `.driftless` is left out before this is asked. */
const LITTER = /^(?:\.ds_store|\._.*|thumbs\.db|desktop\.ini|~\$.*|\.~lock\..*#|.*\.(?:tmp|part|crdownload))$/i;

/** The library remembers every path it was asked about: after so many it is made anew, from the same compiled patterns. */
const PATHS_REMEMBERED = 10_000;

/** What is ignored by default, and what the patterns of an ignore file add to it or (with `!`) take from it. */
export class IgnoreRules implements Ignores {
  readonly #compiled: Ignore | null;
  #patterns: Ignore | null = null;
  #asked = 0;

  /** Like every name, patterns are compared in NFC and without regard to case. Compiles once; never throws. */
  constructor(text = '') {
    this.#compiled = text.trim() === '' ? null : ignore().add(text.normalize('NFC'));
  }

  reason(path: string, kind: Kind): string | null {
    if (this.#compiled !== null) {
      if (path === IGNORE_FILE) return null;
      const verdict = this.#test(this.#compiled, kind === 'folder' ? `${path}/` : path);
      if (verdict.ignored) return `a pattern in ${IGNORE_FILE} matches it`;
      if (verdict.unignored) return null;
    }
    return LITTER.test(path.slice(path.lastIndexOf('/') + 1)) ? 'it is a temporary or system file' : null;
  }

  #test(compiled: Ignore, path: string): { readonly ignored: boolean; readonly unignored: boolean } {
    if (this.#patterns === null || this.#asked >= PATHS_REMEMBERED) {
      this.#patterns = ignore().add(compiled);
      this.#asked = 0;
    }
    this.#asked += 1;
    return this.#patterns.test(path);
  }
}
