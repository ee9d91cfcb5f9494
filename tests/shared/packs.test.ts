import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { frameHead, readFrame } from '../../shared/api/packs.ts';

const Header = z.object({ name: z.string(), size: z.number() });
const parse = (json: unknown): z.infer<typeof Header> => Header.parse(json);

const anyFile = fc.record({ name: fc.string({ unit: 'grapheme' }), content: fc.uint8Array({ maxLength: 300 }) });

function pack(files: readonly { name: string; content: Uint8Array }[]): Buffer {
  return Buffer.concat(
    files.flatMap(({ name, content }) => [frameHead({ name, size: content.length } as never), content]),
  );
}

it('gives back every file that was packed, in order', () => {
  fc.assert(
    fc.property(fc.array(anyFile, { maxLength: 10 }), (files) => {
      const bytes = pack(files);
      const found: { name: string; content: Uint8Array }[] = [];
      for (let frame = readFrame(bytes, 0, parse); frame; frame = readFrame(bytes, frame.end, parse)) {
        found.push({ name: frame.header.name, content: Uint8Array.from(bytes.subarray(frame.start, frame.end)) });
      }
      expect(found).toEqual(files.map(({ name, content }) => ({ name, content: Uint8Array.from(content) })));
    }),
  );
});

it('waits for more wherever the bytes end inside a frame', () => {
  const bytes = pack([{ name: 'a', content: Buffer.from('content') }]);
  for (let end = 0; end < bytes.length; end += 1) {
    expect(readFrame(bytes.subarray(0, end), 0, parse)).toBeUndefined();
  }
  expect(readFrame(bytes, 0, parse)?.end).toBe(bytes.length);
});

it('refuses bytes that are no pack', () => {
  expect(() => readFrame(Buffer.from('<html><body>not a pack at all'), 0, parse)).toThrow('not a pack');
});
