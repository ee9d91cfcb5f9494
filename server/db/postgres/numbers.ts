import { types } from 'pg';

const INT8 = 20;
const NUMERIC = 1700;

/** Sizes and counters are whole numbers that JavaScript can count to: anything else is no number of this server's. */
function checked(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new RangeError(`The database holds the number ${text}, which is too large to be true.`);
  }
  return number;
}

/** How values are read: bigint, and sums of it, as numbers. */
export const readers = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    type === INT8 || type === NUMERIC ? checked : types.getTypeParser(type, format as 'text'),
};
