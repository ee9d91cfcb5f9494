import { createWriteStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7 as uuid } from 'uuid';
import { diskRoom } from '../content/diskRoom.ts';
import { isMissing } from '../content/durable.ts';
import { diskFull } from '../diskFull.ts';
import { tooLarge } from '../quota/fileLimit.ts';
import type { Services } from '../services.ts';

/** A body of unknown length on the disk. */
export interface Spooled {
  readonly path: string;
  readonly size: number;
  remove(): Promise<void>;
}

/**
 * Writes a body beside the staged uploads, where a killed run's leftovers are swept up, because only its end tells how
 * long it is. Refused as too large, or for want of room, as soon as that is known; memory does not grow with it.
 */
export async function spool({ config }: Services, body: Readable): Promise<Spooled> {
  const path = join(config.data, 'staging', uuid());
  const remove = async (): Promise<void> => {
    await unlink(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  };
  // It is stored once more before it goes.
  const room = (await diskRoom(config.data)) / 2;
  let size = 0;
  try {
    await pipeline(
      body,
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          size += piece.length;
          if (size > config.maxFileBytes) throw tooLarge(config.maxFileBytes);
          if (size > room) throw diskFull();
          yield piece;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
    return { path, size: (await stat(path)).size, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
