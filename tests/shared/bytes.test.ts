import { expect, it } from 'vitest';
import { formatBytes, parseBytes } from '../../shared/bytes.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_024, '1.0 KB'],
  [839_680, '820 KB'],
  [2.4 * 1024 ** 3, '2.4 GB'],
  [5 * 1024 ** 5, '5.0 PB'],
])('prints %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  ['5M', 5 * 1024 ** 2],
  ['20GB', 20 * 1024 ** 3],
  ['1.5 GiB', 1.5 * 1024 ** 3],
  ['1000', 1000],
  [' 7 k ', 7 * 1024],
])('reads %j', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it.each(['', 'M', '-5M', '5 apples', '5MM'])('does not read %j', (text) => {
  expect(parseBytes(text)).toBeUndefined();
});
