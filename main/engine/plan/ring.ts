import type { NodeId } from '../../../shared/ids.ts';
import { stepOf } from './step.ts';
import type { Look } from './trees.ts';
import { waitsOf } from './waits.ts';

/**
 * How a ring of nodes that wait for each other is broken, each time by one member: on disk by parking it, on the server
 * by moving all at once. A ring on the server with a folder in it that is yet to be made, or to be deleted, cannot move
 * at once; there one member takes another name for a moment.
 */
export interface Break {
  readonly how: 'park' | 'together' | 'aside';
  readonly ring: readonly NodeId[];
}

/** undefined: this node is not the one to break a ring. */
export function breakOf(look: Look, id: NodeId): Break | undefined {
  const ring = ringOf(look, id);
  if (ring.length === 0) return undefined;
  const { how, by } = breakOfRing(look, ring);
  return by[0] === id ? { how, ring } : undefined;
}

function breakOfRing(look: Look, ring: readonly NodeId[]): { how: Break['how']; by: readonly NodeId[] } {
  const moving = ring.filter((id) => stepOf(look, id)?.kind === 'move');
  // Steps on the disk wait only for the disk. A ring there has a node that moves: a folder waits for it to leave, and a
  // node to be made waits for its name.
  if (ring.some((id) => stepOf(look, id)?.side === 'local')) return { how: 'park', by: moving };
  const closed = ring.every((id) => waitsOf(look, id).every((wait) => ring.includes(wait.for)));
  if (closed && moving.length === ring.length) return { how: 'together', by: ring };
  // Waits for a parent run up the final tree, so a ring has one that waits for a name alone.
  return { how: 'aside', by: ring.filter((id) => waitsOf(look, id)[0]?.why === 'name') };
}

const rings = new WeakMap<Look, Map<NodeId, readonly NodeId[]>>();

/** The nodes that wait for each other with this one, by the first wait of each, in order of age; empty when there is no such ring. */
export function ringOf(look: Look, id: NodeId): readonly NodeId[] {
  const known = rings.get(look) ?? new Map<NodeId, readonly NodeId[]>();
  rings.set(look, known);
  const passed: NodeId[] = [];
  const seen = new Set<NodeId>();
  let at: NodeId | undefined = id;
  while (at !== undefined && !seen.has(at) && !known.has(at)) {
    seen.add(at);
    passed.push(at);
    at = waitsOf(look, at)[0]?.for;
  }
  const ring = at !== undefined && seen.has(at) ? passed.slice(passed.indexOf(at)).sort() : [];
  for (const each of passed) known.set(each, ring.includes(each) ? ring : []);
  return known.get(id) ?? [];
}
