import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Place } from '../model.ts';

/** A name in a folder, folded: whoever held or takes it may have to be planned again. */
export interface PlaceKey {
  readonly parentId: NodeId | null;
  readonly key: string;
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
    if (after) this.#place(after);
  }

  get empty(): boolean {
    return this.ids.size === 0;
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
