import fc from 'fast-check';
import type { Node, Operation } from '../../shared/api/nodes.ts';
import { NodeId } from '../../shared/ids.ts';
import { contentOf } from '../server/harness.ts';
import type { FilePut, ModelServer } from './modelServer.ts';

/** Names that are one name, and names that are none. */
const NAMES = ['a', 'A', 'b', 'ä'.normalize('NFC'), 'ä'.normalize('NFD'), 'c.txt', '..', '.driftless', 'x/y'];
export const TEXTS: readonly Buffer[] = ['', 'one', 'two', 'three'].map((text) => Buffer.from(text));
/** Few, so that wishes meet. */
const NODES = 8;

const idOf = (number: number): NodeId => NodeId.parse(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`);

/** What somebody wants of the tree; what it is by then decides what that means. */
export const node = fc.nat({ max: NODES - 1 }).map(idOf);
export const text = fc.constantFrom(...TEXTS);
const name = fc.constantFrom(...NAMES);
const parentId = fc.option(node, { freq: 1 });
const place = { parentId, name };
const mtimeMs = fc.constantFrom(1_000, 2_000, -1);
const executable = fc.constantFrom(null, true, false);
/** How far that which is known of a node lags behind. */
const lag = fc.constantFrom(0, 0, 0, 0, 1);

const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const wish = <T extends string, R extends object>(type: T, more: { [K in keyof R]: fc.Arbitrary<R[K]> }) =>
  fc.record({ ...more }).map((rest) => ({ type, ...(rest as R) }));

const move = fc.record({ id: node, ...place, lag });
export const treeWish = fc.oneof(
  weighted(4, wish('createFolder', { id: node, ...place, mtimeMs })),
  weighted(4, wish('move', { moves: fc.array(move, { minLength: 1, maxLength: 3 }) })),
  weighted(2, wish('swap', { one: node, other: node })),
  weighted(1, wish('setMetadata', { id: node, mtimeMs: fc.option(mtimeMs), executable })),
  weighted(2, wish('trash', { id: node, lag, seenLag: lag, confirmed: fc.boolean() })),
);
export type TreeWish = typeof treeWish extends fc.Arbitrary<infer T> ? T : never;

export const fileWish = fc.record({ nodeId: node, ...place, text, mtimeMs, executable, lag });
export type FileWish = typeof fileWish extends fc.Arbitrary<infer T> ? T : never;

const nodeIn = (model: ModelServer, id: NodeId): Node | undefined => [...model.nodes].find((each) => each.id === id);

/** What a device sends for a wish, which knows the tree as the model has it, or had it a moment ago. */
export function operationFor(model: ModelServer, wanted: TreeWish): Operation {
  const placeRev = (id: NodeId): number => nodeIn(model, id)?.placeRev ?? 1;
  switch (wanted.type) {
    case 'createFolder':
    case 'setMetadata':
      return wanted;
    case 'move':
      return {
        type: 'move',
        moves: wanted.moves.map(({ lag: behind, ...each }) => ({ ...each, placeRev: placeRev(each.id) - behind })),
      };
    case 'swap': {
      const takes = (id: NodeId, other: NodeId) => {
        const { parentId: inside = null, name: called = 'gone' } = nodeIn(model, other) ?? {};
        return { id, parentId: inside, name: called, placeRev: placeRev(id) };
      };
      return { type: 'move', moves: [takes(wanted.one, wanted.other), takes(wanted.other, wanted.one)] };
    }
    case 'trash': {
      const contentRev = (nodeIn(model, wanted.id)?.contentRev ?? 1) - wanted.lag;
      const seenSeq = Math.max(0, model.seq - wanted.seenLag);
      const base = { id: wanted.id, contentRev, placeRev: placeRev(wanted.id), seenSeq };
      return { type: 'trash', ...base, ...(wanted.confirmed && { confirmed: true }) };
    }
  }
}

export function putFor(model: ModelServer, { text: bytes, lag: behind, ...wanted }: FileWish): FilePut {
  const known = nodeIn(model, wanted.nodeId);
  const baseContentRev = known ? known.contentRev - behind : null;
  return { ...wanted, baseContentRev, size: bytes.length, contentId: contentOf(bytes).contentId };
}
