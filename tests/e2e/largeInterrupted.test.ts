import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import type { Device } from './harness/device.ts';
import { randomBytes, writeRandomFile } from './harness/random.ts';
import { differences, sha256Of } from './harness/tree.ts';
import { it } from './harness/twoDevices.ts';
import type { Scene } from './harness.ts';

/** Several parts, of which some have arrived and some are in flight half-way; `DRIFTLESS_LARGE_MIB=1024` for the long version. */
const BYTES = Number(process.env.DRIFTLESS_LARGE_MIB ?? 64) * MiB;
const PATIENCE_MS = 60_000 + BYTES / 5_000;
/** Bytes that may be sent twice: parts that were in flight. */
const RESENT = 16 * MiB;

const NAME = 'film.mov';

function mustBeStored(scene: Scene, device: Device): void {
  const sha256 = sha256Of(device.path(NAME));
  const held = [...scene.server.storedFiles(scene.account).values()];
  expect(held.some((entry) => entry.kind === 'file' && entry.sha256 === sha256)).toBe(true);
}

describe('a large file whose transfer is interrupted', () => {
  it.beforeEach(({ one }) => writeRandomFile(one.path(NAME), BYTES, 'interrupted'));

  it('is resumed after the client was killed half-way through the upload', async ({ scene, one }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    one.launch();
    await half;
    await one.kill();
    scene.relay.restore();
    const summary = await one.mustSync();
    expect(summary.uploaded).toBe(1);
    expect(scene.relay.up).toBeLessThan(BYTES + RESENT);
    mustBeStored(scene, one);
  });

  it('is finished by the next start after the client was asked to end half-way', async ({ scene, one }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    one.launch();
    await half;
    scene.relay.restore();
    expect(await one.terminate()).toMatchObject({ code: 0 });
    expect(scene.relay.up).toBeLessThan(BYTES);
    await one.mustSync();
    expect(scene.relay.up).toBeLessThan(BYTES + RESENT);
    mustBeStored(scene, one);
  });

  it('goes on by itself after the server was killed half-way through the upload', async ({ scene, one }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    await one.start();
    await half;
    await scene.server.kill();
    scene.relay.restore();
    await one.waitFor('offline');
    await scene.server.start();
    await one.inSync(PATIENCE_MS);
    expect(scene.relay.up).toBeLessThan(BYTES + RESENT);
    mustBeStored(scene, one);
  });

  it('goes on by itself after the server was asked to end half-way through the upload', async ({ scene, one }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    await one.start();
    await half;
    scene.relay.restore();
    expect(await scene.server.terminate()).toMatchObject({ code: 0 });
    await scene.server.start();
    await one.inSync(PATIENCE_MS);
    expect(scene.relay.up).toBeLessThan(BYTES + RESENT);
    mustBeStored(scene, one);
  });

  it('is resumed after the client was killed half-way through the download', async ({ scene, one, two }) => {
    await one.mustSync();
    scene.relay.reset();
    const half = scene.relay.stallAt({ down: BYTES / 2 });
    two.launch();
    await half;
    await two.kill();
    scene.relay.restore();
    await two.mustSync();
    expect(scene.relay.down).toBeLessThan(BYTES + RESENT);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('that changes while it is uploaded arrives as it is in the end', async ({ scene, one }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    await one.start();
    await half;
    const file = openSync(one.path(NAME), 'r+');
    writeSync(file, randomBytes('meanwhile', MiB), 0, MiB, 0);
    closeSync(file);
    scene.relay.restore();
    await one.inSync(PATIENCE_MS);
    mustBeStored(scene, one);
  });

  it('and that is deleted meanwhile is not there in the end', async ({ scene, one, two }) => {
    const half = scene.relay.stallAt({ up: BYTES / 2 });
    await one.start();
    await half;
    rmSync(one.path(NAME));
    scene.relay.restore();
    await one.inSync(PATIENCE_MS);
    await two.mustSync();
    expect([...two.tree().keys()]).toEqual([]);
  });
});
