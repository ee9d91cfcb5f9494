import type { ByteRange } from '../../desk/contents.ts';

/** One range of bytes; undefined: all of it, which is also what more than one range gets. */
export function parseRange(header: string | undefined, size: number): ByteRange | 'none-of-it' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : 'none-of-it';
}
