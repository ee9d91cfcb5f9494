import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { filesOf } from './harness/tree.ts';
import { it } from './harness/twoDevices.ts';
import { until } from './harness/wait.ts';

const old = Date.now() - 60_000;

describe('.driftlessignore', () => {
  it('keeps out what it names, and is synced itself', async ({ one, two, desk }) => {
    desk.write('.driftlessignore', 'build/\n*.log\n!keep.log\n!wanted.tmp\n', old);
    for (const path of ['build/a.o', 'b.log', 'deep/c.log', 'keep.log', 'wanted.tmp', 'other.tmp', 'd.txt']) {
      desk.write(path, path, old);
    }
    await one.mustSync();
    await two.mustSync();
    expect([...filesOf(two.tree())].sort()).toEqual(['.driftlessignore', 'd.txt', 'keep.log', 'wanted.tmp']);
    expect(existsSync(one.path('build/a.o'))).toBe(true);
  });

  it('keeps out on a device that joins with a full folder what it named before', async ({
    scene,
    one,
    two,
    desk,
    other,
  }) => {
    desk.write('.driftlessignore', 'build/\n', old);
    await one.mustSync();
    for (let i = 0; i < 300; i += 1) other.write(`build/${i}.o`, `${i}`, old);
    other.write('source.c', 'source', old);
    await two.mustSync();
    await one.mustSync();
    expect([...filesOf(one.tree())].sort()).toEqual(['.driftlessignore', 'source.c']);
    expect(scene.server.storedFiles(scene.account).size).toBeLessThan(20);
  });

  it('takes effect at once, also on other devices, and stops at once', async ({ one, two, desk }) => {
    await one.start();
    await two.start();
    desk.write('.driftlessignore', '*.log\n', old);
    await one.inSync();
    await until('the patterns on the other device', () => existsSync(two.path('.driftlessignore')));
    await two.inSync();
    writeFileSync(two.path('b.log'), 'b');
    writeFileSync(one.path('a.log'), 'a');
    await Promise.all([one.inSync(), two.inSync()]);
    await Promise.all([one.inSync(), two.inSync()]);
    expect([existsSync(two.path('a.log')), existsSync(one.path('b.log'))]).toEqual([false, false]);
    desk.write('.driftlessignore', '# nothing\n', old + 1_000);
    await until('both files everywhere', () => existsSync(two.path('a.log')) && existsSync(one.path('b.log')));
  });

  it('leaves alone what is synced already', async ({ one, two, desk, other }) => {
    desk.write('x.log', 'before', old);
    await one.mustSync();
    await two.mustSync();
    desk.write('.driftlessignore', '*.log\n', old);
    desk.write('x.log', 'edited', old + 1_000);
    await one.mustSync();
    await two.mustSync();
    expect(readFileSync(two.path('x.log'), 'utf8')).toBe('edited');
    other.remove('x.log');
    await two.mustSync();
    await one.mustSync('--allow-deletes');
    expect(existsSync(one.path('x.log'))).toBe(false);
  });

  it('does not keep out a name that the server needs: both versions stay', async ({ one, two, desk, other }) => {
    desk.write('x.log', 'by one', old);
    await one.mustSync();
    other.write('.driftlessignore', '*.log\n', old);
    other.write('x.log', 'by the other', old);
    await two.mustSync();
    const texts = filesOf(two.tree()).map((path) => readFileSync(two.path(path), 'utf8'));
    expect(texts.sort()).toEqual(['*.log\n', 'by one', 'by the other']);
  });

  it('lets an ignored child inside a remotely deleted folder survive, and the folder is not made anew there', async ({
    one,
    two,
    desk,
    other,
  }) => {
    desk.write('.driftlessignore', 'cache/\n', old);
    desk.write('project/plan.txt', 'plan', old);
    desk.write('keep.txt', 'keep', old);
    await one.mustSync();
    await two.mustSync();
    other.write('project/cache/data', 'data', old);
    await two.mustSync();
    desk.remove('project');
    await one.mustSync('--allow-deletes');
    await two.mustSync();
    expect([...filesOf(two.tree())].sort()).toEqual(['.driftlessignore', 'keep.txt', 'project/cache/data']);
    await two.mustSync();
    await one.mustSync();
    expect(existsSync(one.path('project'))).toBe(false);
  });
});
