import type { NodeId } from '../../shared/ids.ts';
import type { NodeRow } from '../db/schema.ts';
import type { FindingKind } from './finding.ts';

export type TreeNode = Pick<NodeRow, 'id' | 'parent_id' | 'kind' | 'state'>;

export interface TreeFault {
  readonly kind: Extract<FindingKind, 'dangling-parent' | 'parent-is-file' | 'cycle' | 'live-in-trash'>;
  readonly id: NodeId;
}

/** What is wrong with the shape of one user's tree. */
export function treeFaults(nodes: readonly TreeNode[]): TreeFault[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const inCycle = cycles(byId);
  return nodes.flatMap((node): TreeFault[] => {
    if (inCycle.has(node.id)) return [{ kind: 'cycle', id: node.id }];
    if (node.parent_id === null) return [];
    const parent = byId.get(node.parent_id);
    if (!parent) return [{ kind: 'dangling-parent', id: node.id }];
    if (parent.kind === 'file') return [{ kind: 'parent-is-file', id: node.id }];
    if (node.state === 'live' && parent.state !== 'live') return [{ kind: 'live-in-trash', id: node.id }];
    return [];
  });
}

/** The nodes that are their own ancestors. Each node is walked over once. */
function cycles(byId: ReadonlyMap<NodeId, TreeNode>): Set<NodeId> {
  const found = new Set<NodeId>();
  const done = new Set<NodeId>();
  for (const start of byId.keys()) {
    const path = new Map<NodeId, number>();
    let id: NodeId | null = start;
    while (id !== null && !done.has(id) && !path.has(id)) {
      path.set(id, path.size);
      id = byId.get(id)?.parent_id ?? null;
    }
    const from = id === null ? undefined : path.get(id);
    for (const [each, at] of path) {
      done.add(each);
      if (from !== undefined && at >= from) found.add(each);
    }
  }
  return found;
}
