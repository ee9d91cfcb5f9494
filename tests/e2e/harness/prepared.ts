import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Account, DriftlessServer } from './server.ts';

/** A server's data with one user in it, to be written to as many places as there are scenes. */
export interface Prepared {
  readonly account: Account;
  writeTo(data: string): void;
}

let made: Promise<Prepared> | undefined;

/** Making a user takes a process of its own, a copy of the data next to nothing: so it is made once. */
export const prepared = (): Promise<Prepared> => {
  made ??= prepare();
  return made;
};

async function prepare(): Promise<Prepared> {
  const data = mkdtempSync(join(tmpdir(), 'driftless-prepared-'));
  try {
    const account = await new DriftlessServer(data).addUser('ada');
    const files = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => ({
        path: join(parentPath, name).slice(data.length),
        bytes: readFileSync(join(parentPath, name)),
      }));
    return {
      account,
      writeTo: (place) => {
        for (const { path, bytes } of files) {
          mkdirSync(dirname(join(place, path)), { recursive: true });
          writeFileSync(join(place, path), bytes);
        }
      },
    };
  } finally {
    rmSync(data, { recursive: true });
  }
}
