export interface ByteSpan {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads a Range header for an object of `size` bytes. 'whole': there is none that applies (several ranges in one
 * request are answered whole, as RFC 9110 allows); 'unsatisfiable': it lies outside.
 */
export function readRange(header: string | undefined, size: number): ByteSpan | 'whole' | 'unsatisfiable' {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match) return header?.trim().startsWith('bytes=') && !header.includes(',') ? 'unsatisfiable' : 'whole';
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return 'unsatisfiable';
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || end < start) return 'unsatisfiable';
  return { start, length: end - start + 1 };
}
