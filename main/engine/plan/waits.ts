import type { NodeId } from '../../../shared/ids.ts';
import type { Place } from '../model.ts';
import { fateOf } from './fate.ts';
import { finalPlace } from './place.ts';
import { type Step, stepOf } from './step.ts';
import { isLive, isThere, kept, type Look, type Side } from './trees.ts';

/** What has to happen before a node's step: to the folder it goes into, to who has its name, to what is inside it. */
export interface Wait {
  readonly why: 'parent' | 'name' | 'inside';
  readonly for: NodeId;
}

/** Empty: the step can be done now. The first one counts when nodes wait for each other. */
export const waitsOf = kept((look, id): readonly Wait[] => {
  const step = stepOf(look, id);
  switch (step?.kind) {
    case 'create':
      return waits(missingParent(look, step), holderOf(look, id, step), keptChild(look, id));
    case 'move':
      return waits(unsettledParent(look, id, step), holderOf(look, id, step));
    case 'delete':
      return waits(undefined, undefined, step.side === 'local' ? anyChild(look, id) : insideOf(look, id).leaving);
    case 'yield':
      return waits(undefined, undefined, keptChild(look, step.keeper.id));
    case undefined:
      return [];
  }
});

function waits(parent: NodeId | undefined, name?: NodeId, inside?: NodeId): readonly Wait[] {
  const all: Wait[] = [];
  if (parent !== undefined) all.push({ why: 'parent', for: parent });
  if (name !== undefined) all.push({ why: 'name', for: name });
  if (inside !== undefined) all.push({ why: 'inside', for: inside });
  return all;
}

type Taking = Extract<Step, { place: Place }>;

const isOn = (look: Look, id: NodeId, side: Side): boolean => {
  const { local, remote } = look.views(id);
  return side === 'local' ? isThere(local) : isLive(remote);
};

/** The parent, when it is not (yet) on that side. */
const missingParent = (look: Look, { side, place: { parentId } }: Taking): NodeId | undefined =>
  parentId === null || isOn(look, parentId, side) ? undefined : parentId;

/**
 * A folder cannot go below itself. Where moves still to come could bring it there, the nearest folder above its new
 * place that is not yet where it belongs goes first; the final tree has no loop, so in the end none is left.
 */
function unsettledParent(look: Look, id: NodeId, step: Taking): NodeId | undefined {
  const missing = missingParent(look, step);
  const { local, remote } = look.views(id);
  if (missing !== undefined || (local ?? remote)?.kind === 'file') return missing;
  const { side, place } = step;
  if (!mayLieBelow(look, place.parentId, id, side)) return undefined;
  for (let at = place.parentId; at !== null; ) {
    const final = finalPlace(look, at);
    if (!final || !isOn(look, at, side) || look.views(at)[side]?.parentId !== final.parentId) return at;
    at = final.parentId;
  }
  return undefined;
}

/** Whether the way up from `start`, over places as they are and places as they will be, passes `folder`. */
function mayLieBelow(look: Look, start: NodeId | null, folder: NodeId, side: Side): boolean {
  const seen = new Set<NodeId>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === null || seen.has(at)) continue;
    if (at === folder) return true;
    seen.add(at);
    open.push(look.views(at)[side]?.parentId ?? null, finalPlace(look, at)?.parentId ?? null);
  }
  return false;
}

/** Who has the name on that side, when it is another node; it is sure to give it up. */
function holderOf(look: Look, id: NodeId, { side, place }: Taking): NodeId | undefined {
  const { local, remote } = look.slotOf(place);
  if (side === 'local') return local.find((node) => node.id !== id && isThere(node))?.id;
  return remote?.id === id ? undefined : remote?.id;
}

/** A folder on disk goes after its children; the last one listed is likely to be the last one done. */
const anyChild = (look: Look, id: NodeId): NodeId | undefined =>
  look.views(id).local?.kind === 'folder' ? look.trees.local.children(id).at(-1)?.id : undefined;

/** What moved along with a folder is known as such only until the folder is back on the other side. */
export function keptChild(look: Look, id: NodeId): NodeId | undefined {
  const { local, remote, synced } = look.views(id);
  if (!synced || (local ?? remote)?.kind !== 'folder') return undefined;
  return look.trees[local ? 'local' : 'remote'].children(id).find((child) => fateOf(look, child.id) === 'kept')?.id;
}

/** What is inside a folder deleted here: files that go with it, and a node that lives elsewhere and must leave first. */
export const insideOf = kept((look, folder): { readonly files: number; readonly leaving: NodeId | undefined } => {
  let files = 0;
  let leaving: NodeId | undefined;
  for (const child of look.trees.remote.children(folder)) {
    if (fateOf(look, child.id) !== 'delete-remote') leaving = child.id;
    else if (child.kind === 'file') files += 1;
    else {
      const below = insideOf(look, child.id);
      files += below.files;
      leaving ??= below.leaving;
    }
  }
  return { files, leaving };
});
