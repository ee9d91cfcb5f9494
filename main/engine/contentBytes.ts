import type { Operation } from './plan/operations.ts';

/** Bytes of content that an operation reads or moves. */
export const contentBytes = (operation: Operation): number => {
  if (operation.kind === 'download') return operation.size;
  return operation.kind === 'upload' || operation.kind === 'hash' ? operation.stat.size : 0;
};
