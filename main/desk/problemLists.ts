import { createHash } from 'node:crypto';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import type { ConflictSide, ProblemRow } from '../../shared/desktop/lists.ts';
import type { ProblemsSlice } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import { nameFault } from '../../shared/names.ts';
import type { Engine } from '../engine/api.ts';
import { portableName } from '../engine/disk/portableName.ts';
import { PAUSED } from '../engine/insight/transfers.ts';
import { conflictOf } from '../engine/plan/conflictName.ts';
import type { Library } from '../library/library.ts';

/** Held deletes shown before one asks for all. */
const PATHS_SHOWN = 50;
/** Conflicts are found by looking at names: as often as the library changes, and not while it changes all the time. */
const FRESH_MS = 500;

/** A conflict copy, and the file that it stepped aside from. */
export interface Conflict {
  readonly copy: LibraryItem;
  readonly original: LibraryItem;
  readonly originalName: string;
  /** Which device's version the copy is. */
  readonly device: string;
  readonly parentId: NodeId | null;
}

/** Everything that needs a person, as one list. */
export class ProblemLists {
  readonly #engine: Engine;
  readonly #library: Library;
  readonly #deviceName: string;
  readonly #now: () => number;
  #conflicts: readonly Conflict[] = [];
  #conflictsAt = { revision: -1, time: -Infinity };
  #revision = 0;
  #print = '';

  constructor(engine: Engine, library: Library, deviceName: string, now: () => number) {
    this.#engine = engine;
    this.#library = library;
    this.#deviceName = deviceName;
    this.#now = now;
  }

  /** None of the engine's problems is looked at here, for there may be many thousands. */
  slice(): ProblemsSlice {
    const held = this.#engine.held();
    const conflicts = this.conflicts();
    const heldDeletes = held.reduce((sum, { paths }) => sum + paths.length, 0);
    const pairs = conflicts.map(({ copy, original }) => [copy.id, original.id, copy.size, original.size]);
    const print = JSON.stringify([this.#engine.problemsRevision, heldDeletes, pairs]);
    if (print !== this.#print) this.#revision += 1;
    this.#print = print;
    const count = this.#engine.countProblems(PAUSED) + held.length + conflicts.length;
    return { revision: this.#revision, count, conflicts: conflicts.length, heldDeletes };
  }

  /** Deletes that wait come first, then conflicts, then everything else. */
  rows(from: number, to: number): ProblemRow[] {
    const conflicts = this.conflicts();
    const held = this.#held();
    const before = held.length + conflicts.length;
    const first = [
      ...held.slice(from, to),
      ...conflicts
        .slice(Math.max(0, from - held.length), Math.max(0, to - held.length))
        .map((conflict) => this.#conflictRow(conflict)),
    ];
    return [...first, ...this.#others(Math.max(0, from - before), Math.max(0, to - before))];
  }

  /** The row of this name, wherever in the list it is; undefined: it is there no more. */
  find(id: string): ProblemRow | undefined {
    const all = this.#engine.countProblems(PAUSED);
    return this.#others(0, all).find((row) => row.id === id);
  }

  held(direction: 'local' | 'remote', from: number, to: number): readonly string[] {
    return (this.#engine.held().find((held) => held.direction === direction)?.paths ?? []).slice(from, to);
  }

  conflicts(): readonly Conflict[] {
    const { revision } = this.#library;
    const time = this.#now();
    if (revision === this.#conflictsAt.revision || time - this.#conflictsAt.time < FRESH_MS) return this.#conflicts;
    this.#conflictsAt = { revision, time };
    this.#conflicts = this.#library.conflictCopies().flatMap((copy): Conflict[] => {
      const named = conflictOf(copy.name);
      const parentId = this.#library.parentOf(copy.id);
      const original = named && this.#library.named(parentId, named.original);
      return named && original
        ? [{ copy, original, originalName: named.original, device: named.device, parentId }]
        : [];
    });
    return this.#conflicts;
  }

  conflict(id: string): Conflict | undefined {
    return this.conflicts().find(({ copy }) => copy.id === id);
  }

  /** The copy is what lost; whose it is, its name says. */
  isMine(conflict: Conflict): boolean {
    return conflict.device === this.#deviceName;
  }

  #conflictRow(conflict: Conflict): ProblemRow {
    const { copy, original, originalName, device, parentId } = conflict;
    const mineIsCopy = this.isMine(conflict);
    const copySide = side(copy, device);
    const otherSide = side(original, mineIsCopy ? null : this.#deviceName);
    return {
      kind: 'conflict',
      id: copy.id,
      name: originalName,
      folder: this.#library.folders.path(parentId).join('/'),
      mine: mineIsCopy ? copySide : otherSide,
      theirs: mineIsCopy ? otherSide : copySide,
    };
  }

  #held(): ProblemRow[] {
    return this.#engine.held().map(({ direction, paths }) => ({
      kind: 'held-deletes',
      id: `held-${direction}`,
      direction,
      count: paths.length,
      paths: paths.slice(0, PATHS_SHOWN),
    }));
  }

  #others(from: number, to: number): ProblemRow[] {
    return this.#engine
      .problemsBetween(from, to, PAUSED)
      .map(({ id: node, path, code, message, retryAt }): ProblemRow => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
        const id = hashed(`${code} ${path}`);
        if (code !== 'name-refused') return { kind: 'other', id, node, name, folder, code, message, retryAt };
        return { kind: 'name', id, node, name, folder, message, suggestion: suggestionFor(name) };
      });
  }
}

/** A name that is no Unicode cannot be told from what is shown of it, so nothing can be proposed. */
function suggestionFor(name: string): string | null {
  const suggestion = portableName(name.replaceAll('\u007f', '_'));
  return suggestion === name || nameFault(suggestion) !== undefined ? null : suggestion;
}

const side = (item: LibraryItem, device: string | null): ConflictSide => ({
  id: item.id,
  name: item.name,
  thumbnail: item.thumbnail,
  size: item.size,
  modifiedAt: item.modifiedAt,
  device,
});

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
