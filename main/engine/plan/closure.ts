import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Place } from '../model.ts';
import { ringOf } from './ring.ts';
import { isOnBoth, type Look, type Views } from './trees.ts';

/** A name in a folder that somebody took or gave up. */
export interface ChangedPlace {
  readonly parentId: NodeId | null;
  readonly key: string;
}

/** Nodes whose planned operation waits for one of these, or breaks a ring that one of these is in. */
export type Dependents = (ids: Iterable<NodeId>) => Iterable<NodeId>;

/**
 * Every node whose plan may differ now that `ids` have changed: themselves, the folders that live or die by what is
 * inside them or may close a loop, what shares a deleted folder's fate, whoever holds or wants the same names, and
 * whoever waits for one of these.
 */
export function closure(
  look: Look,
  ids: Iterable<NodeId>,
  places: Iterable<ChangedPlace>,
  dependents: Dependents = () => [],
): ReadonlySet<NodeId> {
  const changed = new Set(ids);
  const slots = new Slots(look, places);
  const above = foldersAbove(look, changed, slots.parents());
  const found = new Set([...changed, ...above]);
  for (const id of found) slots.addOf(id);
  // A folder deleted here takes along what is in it, unless something inside keeps it alive.
  const deletedHere = [...above].filter((id) => !look.views(id).local);
  for (const id of inside(look, [...changed, ...deletedHere])) found.add(id);
  for (const id of slots.holders()) found.add(id);
  for (const id of [...dependents(found)]) found.add(id);
  for (const id of [...found]) if (canBlock(look.views(id))) for (const member of ringOf(look, id)) found.add(member);
  return found;
}

/** Names in folders, each looked up once. */
class Slots {
  readonly #look: Look;
  readonly #slots = new Map<string, ChangedPlace>();

  constructor(look: Look, places: Iterable<ChangedPlace>) {
    this.#look = look;
    for (const { parentId, key } of places) this.#add(parentId, key);
  }

  addOf(id: NodeId): void {
    const { local, remote } = this.#look.views(id);
    for (const place of [local, remote]) if (place) this.#add(place.parentId, nameKey(place.name));
  }

  parents(): Iterable<NodeId | null> {
    return new Set([...this.#slots.values()].map(({ parentId }) => parentId));
  }

  *holders(): Iterable<NodeId> {
    for (const { parentId, key } of this.#slots.values()) {
      const { local, remote } = this.#look.slotAt(parentId, key);
      for (const node of local) yield node.id;
      if (remote) yield remote.id;
    }
  }

  #add(parentId: NodeId | null, key: string): void {
    this.#slots.set(`${parentId ?? ''}/${key}`, { parentId, key });
  }
}

/**
 * Folders on the ways up whose fate or place may hang on what is below: those that one side has deleted, and those that
 * lie in different folders on the two sides.
 */
function foldersAbove(look: Look, ids: Iterable<NodeId>, parents: Iterable<NodeId | null>): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const open: (NodeId | null)[] = [...parents];
  for (const id of ids) open.push(...parentsOf(look.views(id)));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === null || seen.has(at)) continue;
    seen.add(at);
    const views = look.views(at);
    const { local, remote, synced } = views;
    if (isOnBoth(views) ? local?.parentId !== remote?.parentId : synced) found.add(at);
    open.push(...parentsOf(views));
  }
  return found;
}

const parentsOf = ({ local, remote }: Views): (NodeId | null)[] =>
  [local, remote].flatMap((place: Place | undefined) => (place ? [place.parentId] : []));

/**
 * What is in folders that are on one side only: it waits for them, or goes with them. What is as new as its folder can only
 * wait, and whoever waits is known as such.
 */
function inside(look: Look, ids: Iterable<NodeId>): ReadonlySet<NodeId> {
  const { local, remote, synced } = look.trees;
  const found = new Set<NodeId>();
  const open = [...ids];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const views = look.views(at);
    if (isOnBoth(views) || (views.local ?? views.remote)?.kind !== 'folder') continue;
    for (const { id } of [...local.children(at), ...remote.children(at)]) {
      if (found.has(id)) continue;
      const isAgreed = synced.get(id) !== undefined;
      if (!isAgreed && !views.synced) continue;
      found.add(id);
      if (isAgreed) open.push(id);
    }
  }
  return found;
}

/** Nobody waits for a file on its way to the other side, nor for what lies where it should. */
function canBlock(views: Views): boolean {
  const { local, remote } = views;
  if (isOnBoth(views)) return local?.parentId !== remote?.parentId || local?.name !== remote?.name;
  return (local ?? remote)?.kind === 'folder';
}
