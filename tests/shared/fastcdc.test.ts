import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GiB, KiB, MiB } from '../../shared/bytes.ts';
import { type ChunkClass, chunkClassFor, chunkLength, GEAR } from '../../shared/chunking/fastcdc.ts';
import { randomBytes } from './randomBytes.ts';

const small = chunkClassFor(1);
const medium = chunkClassFor(7 * GiB);
const large = chunkClassFor(97 * GiB);
/** A class with short chunks, so that a property sees many cuts in few bytes. */
const tiny: ChunkClass = { min: 16, average: 64, max: 256, strictMask: -1 << 24, looseMask: -1 << 28 };

function lengths(bytes: Uint8Array, sizes: ChunkClass, from = 0): number[] {
  const all: number[] = [];
  for (let start = from; start < bytes.length; start += all.at(-1) ?? 0) {
    all.push(chunkLength(bytes, start, bytes.length, sizes));
  }
  return all;
}

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 4_000 }),
  fc.tuple(fc.nat(), fc.nat({ max: 4_000 })).map(([seed, length]) => randomBytes(length, seed)),
);

describe('fastcdc-1 is fixed for ever', () => {
  it('has this gear table', () => {
    const table = Buffer.alloc(1024);
    GEAR.forEach((value, i) => {
      table.writeInt32LE(value, i * 4);
    });
    expect(createHash('sha256').update(table).digest('hex')).toBe(
      '9c9243745858b17959170cfd0f50573a06acc094713c7524dba3d2fb25c207fc',
    );
  });

  it('cuts files up to 6 GiB like this', () => {
    expect(lengths(randomBytes(3 * MiB, 1), small)).toEqual([
      303005, 299110, 283350, 239605, 328810, 115711, 333746, 281060, 327259, 276861, 341024, 16187,
    ]);
  });

  it('cuts files up to 96 GiB like this', () => {
    expect(lengths(randomBytes(12 * MiB, 2), medium)).toEqual([
      1075951, 1321390, 1343243, 1236688, 1206114, 1061401, 1356536, 1154119, 493192, 1165816, 1168462,
    ]);
  });

  it('cuts larger files like this', () => {
    expect(lengths(randomBytes(40 * MiB, 3), large)).toEqual([
      1842428, 4405975, 4252048, 8857082, 4862526, 3028149, 4669648, 6471599, 3553585,
    ]);
  });

  it('cuts bytes that are all the same at the largest size', () => {
    expect(lengths(new Uint8Array(2_500_000), small)).toEqual([MiB, MiB, 402848]);
  });

  it('chooses the class by size alone, with borders at 6 and 96 GiB', () => {
    expect(chunkClassFor(0).average).toBe(256 * KiB);
    expect(chunkClassFor(6 * GiB)).toEqual(small);
    expect(chunkClassFor(6 * GiB + 1).average).toBe(MiB);
    expect(chunkClassFor(96 * GiB)).toEqual(medium);
    expect(chunkClassFor(96 * GiB + 1).average).toBe(4 * MiB);
  });
});

describe('chunks of any bytes', () => {
  it('cover them without gaps', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(lengths(bytes, tiny).reduce((sum, length) => sum + length, 0)).toBe(bytes.length);
      }),
    );
  });

  it('keep between the smallest and the largest size, but for the last', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const all = lengths(bytes, tiny);
        for (const length of all) expect(length).toBeLessThanOrEqual(tiny.max);
        for (const length of all.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(tiny.min);
      }),
    );
  });

  it('are the same when chunking resumes at any of their borders', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(), (bytes, at) => {
        const all = lengths(bytes, tiny);
        const done = all.length === 0 ? 0 : at % all.length;
        const border = all.slice(0, done).reduce((sum, length) => sum + length, 0);
        expect(lengths(bytes, tiny, border)).toEqual(all.slice(done));
      }),
    );
  });

  it('are the same when only as many bytes as the largest chunk are at hand', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        let start = 0;
        for (const length of lengths(bytes, tiny)) {
          expect(chunkLength(bytes, start, Math.min(start + tiny.max, bytes.length), tiny)).toBe(length);
          start += length;
        }
      }),
    );
  });

  it('are mostly the same after an insertion', () => {
    const before = randomBytes(8 * MiB, 4);
    const hashes = (bytes: Buffer): string[] => {
      let start = 0;
      return lengths(bytes, small).map((length) => {
        start += length;
        return createHash('sha256')
          .update(bytes.subarray(start - length, start))
          .digest('hex');
      });
    };
    const known = new Set(hashes(before));
    fc.assert(
      fc.property(fc.nat({ max: before.length }), fc.uint8Array({ minLength: 1, maxLength: 1_000 }), (at, inserted) => {
        const after = Buffer.concat([before.subarray(0, at), inserted, before.subarray(at)]);
        expect(hashes(after).filter((hash) => !known.has(hash)).length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 20 },
    );
  });
});
