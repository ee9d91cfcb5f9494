import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Burst } from '../../../main/engine/watch/burst.ts';
import { type FolderWatch, watchFolder } from '../../../main/engine/watch/watcher.ts';
import { realClock } from '../scan/folder.ts';

describe('the watcher', () => {
  let root: string;
  let watch: FolderWatch;
  let told: (readonly string[] | 'all')[];
  let wake: () => void;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'driftless-watch-')));
    await mkdir(join(root, 'a/b'), { recursive: true });
    await mkdir(join(root, '.driftless/tmp'), { recursive: true });
    told = [];
    wake = () => undefined;
    watch = watchFolder({
      root,
      clock: realClock,
      onDirty: (folders) => {
        told.push(folders);
        wake();
      },
      onFault: (fault) => {
        throw new Error(fault.message);
      },
    });
    await watch.ready;
  });

  afterEach(async () => {
    await watch.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Resolves when all these folders have been told dirty. */
  const dirty = async (...folders: string[]): Promise<void> => {
    while (!folders.every((folder) => told.flat().includes(folder))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  it('tells the folder in which a file was written', async () => {
    await writeFile(join(root, 'a/b/file'), 'x');
    await dirty('a/b');
    expect(new Set(told.flat())).toEqual(new Set(['a/b']));
  });

  it('tells the root as an empty path', async () => {
    await writeFile(join(root, 'file'), 'x');
    await dirty('');
  });

  it('tells both folders of a move', async () => {
    await writeFile(join(root, 'a/b/file'), 'x');
    await dirty('a/b');
    told.length = 0;
    await rename(join(root, 'a/b/file'), join(root, 'file'));
    await dirty('a/b', '');
  });

  it('tells every one of several new folders made and filled in one go', async () => {
    await mkdir(join(root, 'new/deeper/deepest'), { recursive: true });
    await writeFile(join(root, 'new/deeper/deepest/file'), 'x');
    await dirty('', 'new', 'new/deeper', 'new/deeper/deepest');
    told.length = 0;
    await writeFile(join(root, 'new/deeper/deepest/file'), 'later');
    await dirty('new/deeper/deepest');
  });

  it('goes on watching below a folder that was renamed', async () => {
    await rename(join(root, 'a'), join(root, 'renamed'));
    await dirty('', 'renamed', 'renamed/b');
    told.length = 0;
    await writeFile(join(root, 'renamed/b/file'), 'x');
    await dirty('renamed/b');
  });

  it('says nothing about the engine’s own folder', async () => {
    await writeFile(join(root, '.driftless/tmp/download'), 'x');
    await writeFile(join(root, '.driftless/probe'), 'x');
    await writeFile(join(root, 'a/b/file'), 'x');
    await dirty('a/b');
    expect(new Set(told.flat())).toEqual(new Set(['a/b']));
  });
});

describe('a burst', () => {
  /** A clock that a test moves. */
  class Time {
    at = 0;
    readonly due = new Map<() => void, number>();
    readonly clock = {
      now: () => this.at,
      monotonic: () => this.at,
      after: (ms: number, callback: () => void) => {
        this.due.set(callback, this.at + ms);
        return () => this.due.delete(callback);
      },
      soon: (callback: () => void) => void setImmediate(callback),
    };

    pass(ms: number): void {
      this.at += ms;
      for (const [callback, at] of [...this.due]) {
        if (at > this.at) continue;
        this.due.delete(callback);
        callback();
      }
    }
  }

  let time: Time;
  let told: (readonly string[] | 'all')[];
  let burst: Burst;

  beforeEach(() => {
    time = new Time();
    told = [];
    burst = new Burst(time.clock, (folders) => told.push(folders));
  });

  it('is told once, 300 ms after its last event', () => {
    burst.add('a');
    time.pass(200);
    burst.add('b');
    time.pass(200);
    burst.add('a');
    time.pass(299);
    expect(told).toEqual([]);
    time.pass(1);
    expect(told).toEqual([['a', 'b']]);
  });

  it('is told after five seconds though it goes on', () => {
    for (let ms = 0; ms < 5_000; ms += 100) {
      burst.add('a');
      time.pass(100);
    }
    expect(told).toEqual([['a']]);
  });

  it('of very many folders, or of very many events, is told as everything', () => {
    for (let index = 0; index < 2_001; index += 1) burst.add(`${index}`);
    time.pass(300);
    for (let index = 0; index < 8_193; index += 1) burst.add('same');
    time.pass(300);
    burst.add('one');
    time.pass(300);
    expect(told).toEqual(['all', 'all', ['one']]);
  });

  it('is not told after the end', () => {
    burst.add('a');
    burst.end();
    time.pass(1_000);
    expect(told).toEqual([]);
  });
});
