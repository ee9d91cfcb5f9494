import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Device, Summary } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { differences } from './harness/tree.ts';
import { it as withTwoDevices } from './harness/twoDevices.ts';

/** Files of the tree that no test changes. */
export const OTHERS = 60;

const isNothing = ({ uploaded, downloaded, moved, deleted, conflicts, bytesSent, bytesReceived }: Summary): boolean =>
  uploaded + downloaded + moved + deleted + conflicts + bytesSent + bytesReceived === 0;

/** Tests in which the server's data folder is put back from a copy. */
export const it = withTwoDevices
  .extend('syncBoth', ({ one, two }) => async (): Promise<void> => {
    await one.mustSync();
    await two.mustSync();
  })
  /** Both devices agree on what `fill` has put into the first, and some more; then the copy is made. */
  .extend('agreeOn', ({ scene, one, syncBoth }) => async (fill: () => void): Promise<void> => {
    fillMixedFolder(one.folder, OTHERS, 'restored');
    fill();
    await syncBoth();
    await scene.server.terminate();
    cpSync(scene.server.data, join(scene.directory, 'backup'), { recursive: true, preserveTimestamps: true });
    await scene.server.start();
  })
  .extend('putBack', ({ scene }) => async (): Promise<void> => {
    await scene.server.terminate();
    rmSync(scene.server.data, { recursive: true });
    renameSync(join(scene.directory, 'backup'), scene.server.data);
    await scene.server.start();
  })
  /** Each device syncs once, then once more; that must be enough for all to show the same, and the second time moves nothing. */
  .extend('settle', ({ scene }) => async (...devices: readonly Device[]): Promise<readonly Summary[]> => {
    const first: Summary[] = [];
    for (const device of devices) first.push(await device.mustSync());
    for (const device of devices) expect(await device.mustSync()).toSatisfy(isNothing);
    const newcomer = scene.device('newcomer');
    await newcomer.mustSync();
    for (const device of devices) expect(differences(newcomer.tree(), device.tree())).toEqual([]);
    return first;
  });
