import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { MiB } from '../../shared/bytes.ts';

/**
 * What content leaves free on the server's disk, so that the database can always record a delete: a twentieth of a small
 * disk, and this much of any other.
 */
const RESERVE_BYTES = 64 * MiB;
const RESERVE_SHARE = 1 / 20;

interface Size {
  readonly bsize: number;
  readonly blocks: number;
  readonly bavail: number;
}

const reserveOf = ({ bsize, blocks }: Size): number => Math.min(RESERVE_BYTES, bsize * blocks * RESERVE_SHARE);

/** Bytes that new content may take on the disk of this folder; negative when the reserve is in use. */
export async function diskRoom(folder: string): Promise<number> {
  const size = await statfs(folder);
  return size.bsize * size.bavail - reserveOf(size);
}

/** Bytes of the reserve that lies on the disk of this folder. */
export const diskReserve = (folder: string): number => reserveOf(statfsSync(folder));
