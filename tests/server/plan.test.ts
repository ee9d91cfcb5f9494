import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PartPlan, type PlannedChunk, planParts } from '../../server/uploads/plan.ts';
import { MiB } from '../../shared/bytes.ts';

const PART = 5 * MiB;
const fresh = (length: number): PlannedChunk => ({ length, source: undefined });
/** Chunks that follow each other in one stored object. */
function reused(lengths: readonly number[], position = 0, objectId = 'o'): PlannedChunk[] {
  let at = position;
  return lengths.map((length) => {
    const chunk = { length, source: { objectId, position: at } };
    at += length;
    return chunk;
  });
}
const mebibytes = (count: number): number[] => Array<number>(count).fill(MiB);

test('new chunks fill parts that end at the first border at or after the part size', () => {
  const parts = planParts(
    [3, 3, 3, 1, 1].map((m) => fresh(m * MiB)),
    0,
    PART,
    true,
  );
  expect(parts.map(({ position, length }) => [position / MiB, length / MiB])).toEqual([
    [0, 6],
    [6, 5],
  ]);
});

test('a part waits for its end', () => {
  expect(
    planParts(
      [3, 1].map((m) => fresh(m * MiB)),
      0,
      PART,
      false,
    ),
  ).toEqual([]);
  expect(
    planParts(
      [3, 1].map((m) => fresh(m * MiB)),
      0,
      PART,
      true,
    ),
  ).toHaveLength(1);
});

test('a short reused run is left out of what is sent', () => {
  const [part] = planParts([fresh(MiB), ...reused(mebibytes(2)), fresh(2 * MiB)], 0, PART, true);
  expect(part?.send).toEqual([
    [0, MiB],
    [3 * MiB, 2 * MiB],
  ]);
  expect(part?.copies).toEqual([{ position: MiB, length: 2 * MiB, objectId: 'o', from: 0 }]);
});

test('a long reused run is a part that sends nothing', () => {
  const chunks = [...reused(mebibytes(7)), ...mebibytes(5).map(fresh)];
  const parts = planParts(chunks, 0, PART, true);
  expect(parts.map(({ length, send }) => [length / MiB, send.length])).toEqual([
    [7, 0],
    [5, 1],
  ]);
});

test('a reused run is not decided while it may go on', () => {
  expect(planParts(reused(mebibytes(7)), 0, PART, false)).toEqual([]);
  expect(planParts(reused(mebibytes(2)), 0, PART, false)).toEqual([]);
});

test('a reused run without end is cut now and then', () => {
  const parts = planParts(reused(mebibytes(130)), 0, PART, false);
  expect(parts.map(({ length }) => length / MiB)).toEqual([64, 64]);
});

test('runs that are not neighbours in one object are not one long run', () => {
  const chunks = [...reused(mebibytes(3)), ...reused(mebibytes(3), 9 * MiB)];
  const [part] = planParts(chunks, 0, PART, true);
  expect(part?.copies).toEqual([
    { position: 0, length: 3 * MiB, objectId: 'o', from: 0 },
    { position: 3 * MiB, length: 2 * MiB, objectId: 'o', from: 9 * MiB },
  ]);
});

const anyChunk = fc.record({
  length: fc.integer({ min: 64 * 1024, max: 4 * MiB }),
  source: fc.option(fc.record({ objectId: fc.constantFrom('a', 'b'), position: fc.nat(1_000) }), { nil: undefined }),
});
/** Mostly runs, as edits of stored files leave them. */
const anyChunks = fc.array(fc.tuple(anyChunk, fc.integer({ min: 1, max: 30 })), { maxLength: 8 }).map((runs) =>
  runs.flatMap(([chunk, count]) =>
    Array.from({ length: count }, (_, i) => ({
      length: chunk.length,
      source: chunk.source && { ...chunk.source, position: chunk.source.position + i * chunk.length },
    })),
  ),
);

test('the parts are the same however the chunks arrive', () => {
  fc.assert(
    fc.property(anyChunks, fc.array(fc.integer({ min: 1, max: 40 })), (chunks, steps) => {
      const arriving: PartPlan[] = [];
      let known = 0;
      let planned = 0;
      let position = 0;
      for (const step of [...steps, chunks.length]) {
        known = Math.min(chunks.length, known + step);
        const parts = planParts(chunks.slice(planned, known), position, PART, known === chunks.length);
        for (const part of parts) {
          arriving.push(part);
          planned += part.chunkCount;
          position += part.length;
        }
      }
      expect(arriving).toEqual(planParts(chunks, 0, PART, true));
    }),
  );
});

test('parts cover the file without gaps, and all but the last are long enough for any store', () => {
  fc.assert(
    fc.property(anyChunks, (chunks) => {
      const parts = planParts(chunks, 0, PART, true);
      let at = 0;
      for (const part of parts) {
        expect(part.position).toBe(at);
        at += part.length;
        const covered = [...part.send, ...part.copies.map((copy) => [copy.position, copy.length] as const)];
        expect(covered.reduce((sum, [, length]) => sum + length, 0)).toBe(part.length);
      }
      expect(at).toBe(chunks.reduce((sum, { length }) => sum + length, 0));
      for (const part of parts.slice(0, -1)) expect(part.length).toBeGreaterThanOrEqual(PART);
    }),
  );
});

test('nothing that the server has is sent', () => {
  fc.assert(
    fc.property(anyChunks, (chunks) => {
      const sent = planParts(chunks, 0, PART, true).flatMap((part) => part.send);
      const missing = chunks.filter(({ source }) => !source).reduce((sum, { length }) => sum + length, 0);
      expect(sent.reduce((sum, [, length]) => sum + length, 0)).toBe(missing);
    }),
  );
});
