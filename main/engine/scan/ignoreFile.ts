import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Filesystem, Sight } from '../disk/filesystem.ts';
import type { Root } from '../disk/root.ts';
import type { DiskStat, Kind, SyncProblem } from '../model.ts';
import { sameBytes } from './identity.ts';
import { IGNORE_FILE, IgnoreRules, type Ignores } from './ignore.ts';

/** Nobody writes so many patterns: it is something else by that name. */
const MAX_BYTES = 1024 * 1024;

const UNREADABLE: SyncProblem = {
  path: IGNORE_FILE,
  code: 'ignore-file-unreadable',
  message: `“${IGNORE_FILE}” cannot be read, so nothing new is sent from this folder: check its permissions and that it is a list of patterns.`,
  retryAt: null,
};

/** The folder's ignore file, as it lay there at the last look. */
export class IgnoreFile implements Ignores {
  readonly #fs: Filesystem;
  readonly #root: Root;
  #stat: DiskStat | null = null;
  /** null: there are patterns, but nobody knows which. What is not synced yet might be what they keep here. */
  #rules: IgnoreRules | null = new IgnoreRules();
  #print = printOf('');

  constructor(fs: Filesystem, root: Root) {
    this.#fs = fs;
    this.#root = root;
  }

  /** The same for the same rules, also in another run. */
  get print(): string {
    return this.#print;
  }

  get problem(): SyncProblem | null {
    return this.#rules === null ? UNREADABLE : null;
  }

  reason(path: string, kind: Kind): string | null {
    if (this.#rules !== null) return this.#rules.reason(path, kind);
    return path === IGNORE_FILE ? null : `${IGNORE_FILE} cannot be read`;
  }

  /** Looks at the file again; true when it is not what it was: what was left alone may count now, and the reverse. */
  async changed(): Promise<boolean> {
    const before = this.#rules;
    try {
      const path = join(this.#root.path, IGNORE_FILE);
      const sight = await this.#fs.lstat(path);
      const stat = isFile(sight) ? sight : null;
      const same = stat === null ? this.#stat === null : this.#stat !== null && sameBytes(this.#stat, stat);
      if (same && before !== null) return false;
      if (stat !== null && stat.size > MAX_BYTES) throw new RangeError('too large');
      const text = stat === null ? '' : await this.#fs.readText(path);
      this.#rules = new IgnoreRules(text);
      this.#print = printOf(text);
      this.#stat = stat;
    } catch {
      // Said by `problem`, for as long as it lasts.
      this.#rules = null;
      this.#print = 'unreadable';
    }
    return before !== this.#rules;
  }
}

/** To be counted up when what is ignored by default changes. */
const DEFAULTS = 1;
const printOf = (text: string): string => `${DEFAULTS} ${createHash('sha256').update(text).digest('hex')}`;

/** A link by that name is not followed: it is no file of this folder. */
const isFile = (sight: Sight | undefined): sight is DiskStat => sight?.kind === 'file';
