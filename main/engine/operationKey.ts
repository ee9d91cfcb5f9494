import type { NodeId } from '../../shared/ids.ts';
import type { Operation } from './plan/operations.ts';

/** A node has at most one operation on its content and one on its place or metadata. */
export type Key = `${NodeId} ${'content' | 'place'}`;

const CONTENT: ReadonlySet<Operation['kind']> = new Set(['hash', 'upload', 'download', 'conflictCopy']);

export const keyOf = (operation: Operation): Key =>
  `${operation.id} ${CONTENT.has(operation.kind) ? 'content' : 'place'}`;

export const keysOf = (id: NodeId): readonly Key[] => [`${id} content`, `${id} place`];

/** Two operations with the same print are the same work on the same base: one that runs need not be begun again. */
export const printOf = (operation: Operation): string =>
  JSON.stringify(operation, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
