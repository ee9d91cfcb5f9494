import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Place } from '../model.ts';

/** A name in a folder, folded: whoever held or takes it may have to be planned again. */
export interface PlaceKey {
  readonly parentId: NodeId | null;
  readonly key: string;
}

/** Some of what changed in the three trees. */
export interface Changes {
  readonly ids: readonly NodeId[];
  /** Names that were taken or given up. */
  readonly places: readonly PlaceKey[];
}

/** What changed in the three trees since the planner last looked. */
export class ChangeLog {
  readonly ids = new Set<NodeId>();
  readonly places = new Map<string, PlaceKey>();

  note(id: NodeId, before: Place | undefined, after: Place | undefined): void {
    this.ids.add(id);
    const moved = !before || !after || before.parentId !== after.parentId || before.name !== after.name;
    if (!moved) return;
    if (before) this.#place(before);
    // Of what is new the id says where it is; of very many new nodes only that is kept.
    if (before && after) this.#place(after);
  }

  get empty(): boolean {
    return this.ids.size === 0 && this.places.size === 0;
  }

  /** Takes out the oldest changes, at most so many of each kind. */
  take(most = Infinity): Changes {
    const ids = first(this.ids, most);
    for (const id of ids) this.ids.delete(id);
    const places = first(this.places, most);
    for (const [key] of places) this.places.delete(key);
    return { ids, places: places.map(([, place]) => place) };
  }

  clear(): void {
    this.ids.clear();
    this.places.clear();
  }

  #place({ parentId, name }: Place): void {
    const key = nameKey(name);
    this.places.set(`${parentId ?? ''}/${key}`, { parentId, key });
  }
}

function first<T>(all: Iterable<T>, most: number): readonly T[] {
  const some: T[] = [];
  for (const each of all) {
    if (some.length >= most) break;
    some.push(each);
  }
  return some;
}
