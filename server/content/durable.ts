import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Brings a folder's entries to the disk. Windows does so by itself and cannot open folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** How many files are brought to the disk at a time. */
const LANES = 16;

/**
 * Brings many files and their entries to the disk. On Linux one call settles the whole file system, at a hundredth of
 * what ten thousand single ones cost; where that cannot be had, each file is synced. Files that are gone are no fault.
 */
export async function syncFiles(paths: readonly string[]): Promise<void> {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  if (process.platform === 'linux' && paths.length >= LANES && (await syncFileSystems(folders))) return;
  const queue = paths.values();
  const lane = async (): Promise<void> => {
    for (const path of queue) await syncFile(path);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  for (const folder of folders) await syncFolder(folder);
}

/** The file systems that hold these folders, of which a data folder may span several. */
const syncFileSystems = (folders: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('sync', ['-f', ...folders], (error) => resolve(error === null));
  });

async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const isMissing = (error: unknown): boolean => errorCode(error) === 'ENOENT';
