import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { KiB } from '../../shared/bytes.ts';

/** Why no small file system can be mounted here; undefined when one can. Vitest shows it beside the skipped tests. */
export const noSmallDisk: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'a small file system is mounted on Linux only';
  if (process.getuid?.() !== 0) return 'mounting a small file system needs root';
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return undefined;
  } catch {
    return 'this system does not let a file system be mounted';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface SmallDisk {
  readonly folder: string;
  readonly free: () => number;
  /** Takes all but so many bytes of it, as another program would. Returns what gives them back. */
  fill(left: number): () => void;
  resize(size: string): void;
}

/** A file system of its own of this size, like `12m`; gone after the test. */
export async function smallDisk(size: string): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder]);
  onTestFinished(async () => {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true });
  });
  const free = (): number => {
    const { bsize, bavail } = statfsSync(folder);
    return bsize * bavail;
  };
  return {
    folder,
    free,
    fill(left) {
      const path = join(folder, 'something else');
      const file = openSync(path, 'w');
      const piece = Buffer.alloc(4 * KiB);
      while (free() > left) writeSync(file, piece);
      closeSync(file);
      return () => rmSync(path);
    },
    resize: (now) => void execFileSync('mount', ['-o', `remount,size=${now}`, folder]),
  };
}
