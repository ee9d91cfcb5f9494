import type { NodeId } from '../../../shared/ids.ts';
import { stepOf } from './step.ts';
import { kept, type Look } from './trees.ts';
import { type Wait, waitsOf } from './waits.ts';

/**
 * How a ring of nodes that wait for each other is broken, and by which of them: on disk by parking it, on the server by
 * moving all at once. A ring on the server with a folder in it that is yet to be made, or to be deleted, cannot move at
 * once; there one member takes another name for a moment.
 */
export interface Break {
  readonly how: 'park' | 'together' | 'aside';
  readonly by: NodeId | undefined;
  readonly ring: readonly NodeId[];
}

/** undefined: this node is not the one to break a ring. */
export function breakOf(look: Look, id: NodeId): Break | undefined {
  if (waitsOf(look, id).length === 0) return undefined;
  const [first] = ringOf(look, id);
  const broken = first && breakAt(look, first);
  return broken?.by === id ? broken : undefined;
}

const breakAt = kept((look, first): Break => {
  const ring = ringOf(look, first);
  const members = new Set(ring);
  const moves = (id: NodeId): boolean => stepOf(look, id)?.kind === 'move';
  // Steps on the disk wait only for the disk. Waits for a parent run up the final tree, so a ring has one for a name:
  // whoever has it moves away, or is a folder to be deleted that waits for one that does.
  if (ring.some((id) => stepOf(look, id)?.side === 'local')) {
    const inTheWay = new Set(ring.flatMap((id) => waitsOf(look, id).slice(0, 1)).flatMap(leaving));
    return { how: 'park', by: ring.find((id) => inTheWay.has(id) && moves(id)), ring };
  }
  const isClosed = ring.every((id) => waitsOf(look, id).every((wait) => members.has(wait.for)));
  if (isClosed && ring.every(moves)) return { how: 'together', by: first, ring };
  return { how: 'aside', by: ring.find((id) => waitsOf(look, id)[0]?.why === 'name'), ring };
});

/** Whom a wait wants gone from where it is, not arrived where it belongs. */
const leaving = (wait: Wait): readonly NodeId[] => (wait.why === 'parent' ? [] : [wait.for]);

const rings = new WeakMap<Look, Map<NodeId, readonly NodeId[]>>();

/** The nodes that wait for each other with this one, by the first wait of each, the oldest first; empty: none do. */
export function ringOf(look: Look, id: NodeId): readonly NodeId[] {
  const known = rings.get(look) ?? new Map<NodeId, readonly NodeId[]>();
  rings.set(look, known);
  const passed = new Set<NodeId>();
  let at: NodeId | undefined = id;
  while (at !== undefined && !passed.has(at) && !known.has(at)) {
    passed.add(at);
    at = waitsOf(look, at)[0]?.for;
  }
  const way = [...passed];
  const start = at !== undefined && passed.has(at) ? way.indexOf(at) : way.length;
  const ring = way.slice(start).sort();
  for (const each of way.slice(0, start)) known.set(each, []);
  for (const each of ring) known.set(each, ring);
  return known.get(id) ?? [];
}
