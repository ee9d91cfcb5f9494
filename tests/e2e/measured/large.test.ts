import { appendFileSync, closeSync, copyFileSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KiB, MiB } from '../../../shared/bytes.ts';
import type { Device } from '../harness/device.ts';
import { canMeasureProcesses, peakBytes } from '../harness/processes.ts';
import { randomBytes, writeRandomFile } from '../harness/random.ts';
import { differences, sha256Of } from '../harness/tree.ts';
import { Scene } from '../harness.ts';

/** Size of the large file; `DRIFTLESS_LARGE_MIB=1024` for the long version. */
const SIZE = Number(process.env.DRIFTLESS_LARGE_MIB ?? 192) * MiB;
const PATIENCE_MS = 60_000 + SIZE / 5_000;
const MEMORY_LIMIT = 250 * MiB;
/** Requests, chunk lists and events around the content itself. */
const OVERHEAD = 2 * MiB;

const NAME = 'film.mov';

describe('a large file', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let uploaded: number;
  let downloaded: number;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    writeRandomFile(one.path(NAME), SIZE, 'large');
    await one.start();
    await one.inSync(PATIENCE_MS);
    uploaded = scene.relay.up;
    scene.relay.reset();
    await two.start();
    await two.inSync(PATIENCE_MS);
    downloaded = scene.relay.down;
  }, 2 * PATIENCE_MS);
  afterAll(() => scene?.close());
  beforeEach(() => scene.relay.reset());

  /** Lets the change travel and returns the bytes it took up and, to the second device, down. */
  async function travel(): Promise<{ readonly up: number; readonly down: number }> {
    await one.inSync(PATIENCE_MS);
    const { up } = scene.relay;
    await two.inSync(PATIENCE_MS);
    expect(differences(one.tree(), two.tree())).toEqual([]);
    return { up, down: scene.relay.down };
  }

  it('crosses the wire once up and once down', () => {
    expect(uploaded).toBeGreaterThan(SIZE);
    expect(uploaded).toBeLessThan(SIZE + OVERHEAD);
    expect(downloaded).toBeGreaterThan(SIZE);
    expect(downloaded).toBeLessThan(SIZE + OVERHEAD);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it.runIf(canMeasureProcesses)('needs less than 250 MB of memory on each side', () => {
    expect(peakBytes(one.program.pid)).toBeLessThan(MEMORY_LIMIT);
    expect(peakBytes(two.program.pid)).toBeLessThan(MEMORY_LIMIT);
    expect(peakBytes(scene.server.program.pid)).toBeLessThan(MEMORY_LIMIT);
  });

  it('overwritten in the middle by 1 MiB sends at most 3 MiB', async () => {
    const file = openSync(one.path(NAME), 'r+');
    writeSync(file, randomBytes('overwrite', MiB), 0, MiB, SIZE / 2);
    closeSync(file);
    const wire = await travel();
    expect(wire.up).toBeLessThanOrEqual(3 * MiB);
    expect(wire.down).toBeLessThanOrEqual(3 * MiB);
  });

  it('with 1 KiB inserted sends at most 2 MiB', async () => {
    insert(one.path(NAME), Math.floor(SIZE / 3), randomBytes('insert', KiB));
    const wire = await travel();
    expect(wire.up).toBeLessThanOrEqual(2 * MiB);
    expect(wire.down).toBeLessThanOrEqual(2 * MiB);
  });

  it('with 10 MiB appended sends little more than those', async () => {
    appendFileSync(one.path(NAME), randomBytes('append', 10 * MiB));
    const wire = await travel();
    expect(wire.up).toBeLessThanOrEqual(12 * MiB);
    expect(wire.down).toBeLessThanOrEqual(12 * MiB);
  });

  it('copied within the folder sends no content, neither up nor down', async () => {
    copyFileSync(one.path(NAME), one.path('film copy.mov'));
    const wire = await travel();
    expect(wire.up).toBeLessThanOrEqual(MiB);
    expect(wire.down).toBeLessThanOrEqual(MiB);
  });

  it('renamed sends no content', async () => {
    renameSync(one.path('film copy.mov'), one.path('film renamed.mov'));
    const wire = await travel();
    expect(wire.up).toBeLessThanOrEqual(32 * KiB);
    expect(wire.down).toBeLessThanOrEqual(32 * KiB);
  });

  it('edited on both devices at once is kept in both versions', async () => {
    for (const [device, name] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      appendFileSync(device.path('film renamed.mov'), randomBytes(`both ${name}`, 64 * KiB));
    }
    const wanted = [one, two].map((device) => sha256Of(device.path('film renamed.mov')));
    for (const device of [one, two, one, two]) await device.inSync(PATIENCE_MS);
    expect(differences(one.tree(), two.tree())).toEqual([]);
    const held = [...one.tree().values()].flatMap((entry) => (entry.kind === 'file' ? [entry.sha256] : []));
    expect(held).toEqual(expect.arrayContaining(wanted));
    expect(held).toHaveLength(3);
  });
});

function insert(path: string, at: number, bytes: Buffer): void {
  const aside = `${path}.aside~`;
  copyFileSync(path, aside);
  const size = statSync(path).size;
  const source = openSync(path, 'r');
  const target = openSync(aside, 'r+');
  const piece = Buffer.allocUnsafe(4 * MiB);
  writeSync(target, bytes, 0, bytes.length, at);
  for (let offset = at; offset < size; ) {
    const read = readSync(source, piece, 0, piece.length, offset);
    writeSync(target, piece, 0, read, offset + bytes.length);
    offset += read;
  }
  closeSync(source);
  closeSync(target);
  renameSync(aside, path);
}
