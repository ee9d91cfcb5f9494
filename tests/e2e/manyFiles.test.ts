import { appendFileSync, renameSync, statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { KiB } from '../../shared/bytes.ts';
import { byteStream, writeRandomFile } from './harness/random.ts';
import { differences } from './harness/tree.ts';
import { it } from './harness/twoDevices.ts';
import { until } from './harness/wait.ts';

describe('a folder of 10,000 files', () => {
  it('that is renamed is one request that changes the tree, sends no content, and leaves the files of the other device in place', async ({
    scene,
    one,
    two,
  }) => {
    const next = byteStream('ten thousand');
    for (let i = 0; i < 10_000; i += 1) {
      const path = one.path(`project/part ${i % 50}/${i}.bin`);
      if (i < 50) writeRandomFile(path, 200, `first ${i}`);
      else appendFileSync(path, next(200));
    }
    await one.start();
    await one.inSync();
    await two.start();
    await two.inSync();
    const inode = statSync(two.path('project/part 7/57.bin')).ino;
    await until('quiet', () => one.control.status().then(({ state }) => state === 'idle'));
    const head = await scene.head();
    scene.relay.reset();
    renameSync(one.path('project'), one.path('project renamed'));
    await one.inSync();
    // One node has changed, so one request has changed it; the others only ask.
    expect(await scene.head()).toBe(head + 1);
    expect(scene.relay.requests).toBeLessThanOrEqual(10);
    expect(scene.relay.up).toBeLessThan(32 * KiB);
    await two.inSync();
    expect(scene.relay.requests).toBeLessThanOrEqual(20);
    expect(scene.relay.down).toBeLessThan(64 * KiB);
    expect(statSync(two.path('project renamed/part 7/57.bin')).ino).toBe(inode);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });
});
