import { writev } from 'node:fs';

/** The kernel takes at most 1,024 pieces in one write. */
const PIECES = 1_000;

/** Writes the pieces one after the other, at `position` or at the file's end when that is null. */
export async function writeAll(fd: number, pieces: readonly Uint8Array[], position: number | null): Promise<void> {
  let at = position;
  for (let from = 0; from < pieces.length; from += PIECES) {
    let rest = pieces.slice(from, from + PIECES);
    while (rest.length > 0) {
      const written = await writeOnce(fd, rest, at);
      if (at !== null) at += written;
      rest = withoutFirst(rest, written);
    }
  }
}

const writeOnce = (fd: number, pieces: readonly Uint8Array[], position: number | null): Promise<number> =>
  new Promise((resolve, reject) => {
    writev(fd, pieces, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });

function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}
