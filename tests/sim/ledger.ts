import { nameOf } from './contents.ts';

const folded = (name: string): string => name.normalize('NFC').toLowerCase();

/**
 * What people have written, and what of it they have themselves overwritten or deleted: everything else must be there in
 * the end.
 */
export class Ledger {
  readonly #written = new Map<string, string>();
  readonly #elsewhere = new Set<string>();
  readonly #remembered = new Set<string>();
  readonly #named = new Map<string, Set<string>>();
  readonly #spelled = new Map<string, Set<string>>();
  readonly #given = new Map<string, string>();

  /** `inPlace`: under that name; otherwise the file had lost its name while it was open, and undo is a fine place for it. */
  wrote(bytes: Uint8Array, where: string, inPlace = true): void {
    this.#written.set(nameOf(bytes), where);
    if (!inPlace) this.#elsewhere.add(nameOf(bytes));
  }

  /** Somebody put this content there. */
  at(path: string, bytes: Uint8Array): void {
    const spelling = path.slice(path.lastIndexOf('/') + 1);
    const name = folded(spelling);
    this.#named.set(name, (this.#named.get(name) ?? new Set()).add(nameOf(bytes)));
    this.#spelled.set(name, (this.#spelled.get(name) ?? new Set()).add(spelling));
  }

  /** A folder, or something that had another name before, has an id of its own: who has the name already is in conflict with it. */
  tookName(path: string): void {
    this.at(path, Buffer.from(`took the name ${path}`));
  }

  /**
   * Whether nobody ever put anything else under this name, wherever, nor spelled it in another way: then there is nothing to
   * be in conflict with.
   */
  isOnlyContentOf(name: string, content: string): boolean {
    const contents = this.#named.get(folded(name));
    return contents?.size === 1 && contents.has(content) && this.#spelled.get(folded(name))?.size === 1;
  }

  mayBeInUndo(content: string): boolean {
    return this.#elsewhere.has(content);
  }

  /** A person's program had not made it durable when the power went: what the server remembers of it is enough. */
  lostPower(bytes: Uint8Array): void {
    this.#remembered.add(nameOf(bytes));
  }

  mayBeRemembered(content: string): boolean {
    return this.#remembered.has(content);
  }

  /** Somebody who could see it did away with it. */
  gaveUp(bytes: Uint8Array, why: string): void {
    this.#given.set(nameOf(bytes), why);
  }

  /** What has to be somewhere, and where it was written. */
  *owed(): Generator<readonly [content: string, where: string]> {
    for (const [content, where] of this.#written)
      if (content !== '' && !this.#given.has(content)) yield [content, where];
  }

  whyGone(content: string): string | undefined {
    return this.#given.get(content);
  }
}
