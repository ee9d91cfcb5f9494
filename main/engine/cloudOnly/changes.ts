import type { NodeId } from '../../../shared/ids.ts';
import type { Trees } from '../plan/trees.ts';
import type { CloudOnlyView } from './view.ts';

/**
 * What may look different to the planner because these nodes changed: what is below a folder that came into a cloud-only
 * one or left it, and the folders above a node, or above a place that one left, which may leave the disk when all in them
 * may. `inside` remembers which folders were in one.
 */
export function affected(
  { local, remote }: Trees,
  view: CloudOnlyView,
  changed: Iterable<NodeId>,
  places: Iterable<{ readonly parentId: NodeId | null }>,
  inside: Set<NodeId>,
): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const open = [...changed];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    found.add(id);
    const isNow = view.isInside(id);
    const was = inside.has(id);
    if ((remote.get(id) ?? local.get(id))?.kind === 'folder') {
      if (isNow) inside.add(id);
      else inside.delete(id);
      if (isNow || was) {
        for (const child of remote.children(id)) {
          // Of a folder that stays inside only what lies in it has another ground to stand on.
          if (isNow !== was) open.push(child.id);
          else found.add(child.id);
        }
      }
    }
  }
  for (const { parentId } of places) if (parentId !== null) found.add(parentId);
  for (const id of [...found]) {
    for (const above of foldersAbove({ local, remote }, id)) if (view.isInside(above)) found.add(above);
  }
  return found;
}

function foldersAbove({ local, remote }: Pick<Trees, 'local' | 'remote'>, id: NodeId): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const open = [local.get(id)?.parentId, remote.get(id)?.parentId];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === null || found.has(at)) continue;
    found.add(at);
    open.push(local.get(at)?.parentId ?? null);
  }
  return found;
}
