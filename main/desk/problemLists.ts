import { createHash } from 'node:crypto';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import type { ConflictSide, ProblemRow } from '../../shared/desktop/lists.ts';
import type { ProblemsSlice } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
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

  /** `listed`: how many the engine lists. None of them is looked at here, for there may be many thousands. */
  slice(listed: number): ProblemsSlice {
    const held = this.#engine.held();
    const conflicts = this.conflicts();
    const heldDeletes = held.reduce((sum, { paths }) => sum + paths.length, 0);
    let others = listed;
    let mark = 0;
    for (const [id, { code }] of this.#engine.insight.problemsById()) {
      if (code === PAUSED) others -= 1;
      mark = (mark * 31 + id.charCodeAt(id.length - 1) * code.length) | 0;
    }
    const pairs = conflicts.map(({ copy, original }) => [copy.id, original.id, copy.size, original.size]);
    const print = JSON.stringify([others, mark, heldDeletes, pairs]);
    if (print !== this.#print) this.#revision += 1;
    this.#print = print;
    const count = others + held.length + conflicts.length;
    return { revision: this.#revision, count, conflicts: conflicts.length, heldDeletes };
  }

  rows(from: number, to: number): ProblemRow[] {
    const conflicts = this.conflicts().map((conflict) => this.#conflictRow(conflict));
    return [...this.#held(), ...conflicts, ...this.#others()].slice(from, to);
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

  #others(): ProblemRow[] {
    const ids = new Map<string, NodeId>();
    for (const [id, { code, message }] of this.#engine.insight.problemsById()) ids.set(`${code} ${message}`, id);
    return this.#engine
      .problems()
      .filter(({ code }) => code !== PAUSED)
      .map(({ path, code, message, retryAt }): ProblemRow => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
        const id = ids.get(`${code} ${message}`) ?? hashed(`${code} ${path}`);
        if (code !== 'name-refused') return { kind: 'other', id, name, folder, code, message, retryAt };
        const suggestion = portableName(name);
        return { kind: 'name', id, name, folder, message, suggestion: suggestion === name ? null : suggestion };
      });
  }
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
