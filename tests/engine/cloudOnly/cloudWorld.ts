import { expect } from 'vitest';
import { affected } from '../../../main/engine/cloudOnly/changes.ts';
import { CloudOnlyView } from '../../../main/engine/cloudOnly/view.ts';
import { mtimeMsOf, PARKED } from '../../../main/engine/model.ts';
import type { Operation, Planned } from '../../../main/engine/plan/operations.ts';
import type { Trees } from '../../../main/engine/plan/trees.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { wholePlan } from '../plan/converge.ts';
import { Taken, Unsafe, World } from '../plan/world.ts';

/** A world whose device leaves some folders to the server. */
export class CloudWorld extends World {
  readonly marks = new Set<NodeId>();
  readonly #inside = new Set<NodeId>();

  get view(): CloudOnlyView {
    return new CloudOnlyView(this.raw, this.marks);
  }

  override get trees(): Trees {
    return this.view.trees;
  }

  override takeChanges(): ReturnType<World['takeChanges']> {
    const { ids, places } = super.takeChanges();
    const { view } = this;
    const changed = affected(this.raw, view, ids, places, this.#inside);
    for (const id of changed) if (view.isConcealed(id)) this.synced.remove(id);
    return { ids: new Set([...changed, ...super.takeChanges().ids]), places };
  }

  override get isOpen(): boolean {
    const { view } = this;
    return super.isOpen || this.local.all().some(({ id }) => view.isLeaving(id) || view.isInTheWay(id));
  }

  mark(id: NodeId): void {
    if (this.liveRemote(id)?.kind !== 'folder') return;
    this.marks.add(id);
    this.again(id);
  }

  unmark(id: NodeId): void {
    this.marks.delete(id);
    this.again(id);
  }

  /** Takes one thing from the disk that may leave it; false when there is none. */
  leave(): boolean {
    const { view } = this;
    const inTheWay = this.local.all().find(({ id }) => view.isInTheWay(id));
    if (inTheWay) {
      this.local.put({ ...inTheWay, parentId: PARKED, name: inTheWay.id, diskName: inTheWay.id });
      return true;
    }
    const leaving = this.local.all().find(({ id }) => view.isLeaving(id) && this.local.children(id).length === 0);
    if (!leaving) return false;
    const { id } = leaving;
    const stored = this.liveRemote(id);
    if (!stored || stored.contentId !== (this.bytes.get(id) ?? null)) throw new Unsafe(`not stored as it is: ${id}`);
    this.bytes.delete(id);
    this.local.remove(id);
    this.synced.remove(id);
    return true;
  }

  /** A folder can still hold on this disk what it is to go into: the disk refuses that, until what it holds has left. */
  override apply(operation: Operation): void {
    if (operation.kind === 'moveLocal') {
      let at = operation.place.parentId;
      for (; at !== null && at !== operation.id; at = this.local.get(at)?.parentId ?? null);
      if (at === operation.id) throw new Taken('a folder inside itself');
    }
    super.apply(operation);
  }

  /** Nothing is planned for what is on the server alone, nor can a folder around it be deleted. */
  expectSpared(planned: readonly Planned[]): void {
    const { view } = this;
    const trashed = planned.flatMap(({ operation: { id, kind }, after }) =>
      kind === 'trashRemote' && after.length === 0 ? [id] : [],
    );
    const touched = [...planned.map(({ operation }) => operation.id), ...trashed.flatMap((id) => this.#below(id))];
    expect(touched.filter((id) => view.isConcealed(id))).toEqual([]);
  }

  #below(id: NodeId): readonly NodeId[] {
    return this.remote.children(id).flatMap((child) => [child.id, ...this.#below(child.id)]);
  }

  /** The disk shows the server's tree without what is left to it, and nothing is to be done. */
  expectAgreement(): void {
    const { view } = this;
    const shown = this.remote.all().filter(({ id, state }) => state === 'live' && !view.isInside(id));
    const byId = <T extends { readonly id: NodeId }>(rows: readonly T[]) =>
      [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
    const local = this.local.all().map(({ id, kind, parentId, name, stat }) => ({
      id,
      kind,
      parentId,
      name,
      content: this.bytes.get(id) ?? null,
      ...(kind === 'file' && { mtimeMs: mtimeMsOf(stat), executable: stat.executable }),
    }));
    const remote = shown.map(({ id, kind, parentId, name, contentId, mtimeMs, executable }) => ({
      id,
      kind,
      parentId,
      name,
      content: contentId,
      ...(kind === 'file' && { mtimeMs, executable }),
    }));
    expect(byId(local)).toEqual(byId(remote));
    expect(byId(this.synced.all()).map(({ id }) => id)).toEqual(byId(remote).map(({ id }) => id));
    expect(wholePlan(this)).toEqual([]);
  }
}
