import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { foldersAt } from '../../../main/engine/scan/known.ts';
import { sweepMissing } from '../../../main/engine/scan/sweep.ts';
import { SyncedFolder } from './folder.ts';

/** Few places, so that changes meet; some are one name in two Unicode forms. */
const path = fc.constantFrom(
  ...['a', 'b', 'c', 'd', 'd/a', 'd/b', 'd/e', 'd/e/a'],
  ...['\u00e9', 'e\u0301', 'd/\u00e9', 'd/e\u0301', '\u00e9/a', 'e\u0301/a'],
);
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), path }),
  fc.record({ do: fc.constant('mkdir' as const), path }),
  fc.record({ do: fc.constant('delete' as const), path }),
  fc.record({ do: fc.constant('move' as const), path, to: path }),
  fc.record({ do: fc.constant('swap' as const), path, to: path }),
  fc.record({ do: fc.constant('backUp' as const), path, to: path }),
  fc.record({ do: fc.constant('scan' as const), path }),
  fc.record({ do: fc.constant('agree' as const) }),
);

/** What the disk refuses (a file in a folder's place, a folder into itself) is left undone. */
const attempt = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);

async function carryOut(folder: SyncedFolder, todo: typeof step extends fc.Arbitrary<infer T> ? T : never) {
  const aside = folder.path('.driftless/aside');
  switch (todo.do) {
    case 'write':
      return attempt(writeFile(folder.path(todo.path), `${Math.random()}`));
    case 'mkdir':
      return attempt(mkdir(folder.path(todo.path)));
    case 'delete':
      return attempt(rm(folder.path(todo.path), { recursive: true }));
    case 'move':
      return attempt(rename(folder.path(todo.path), folder.path(todo.to)));
    case 'backUp':
      await attempt(rename(folder.path(todo.path), folder.path(todo.to)));
      return attempt(writeFile(folder.path(todo.path), `${Math.random()}`));
    case 'swap':
      if (todo.path.startsWith(`${todo.to}/`) || todo.to.startsWith(`${todo.path}/`)) return;
      await attempt(rename(folder.path(todo.path), aside));
      await attempt(rename(folder.path(todo.to), folder.path(todo.path)));
      return attempt(rename(aside, folder.path(todo.to)).catch(() => rm(aside, { recursive: true, force: true })));
    case 'scan':
      return folder.scan(foldersAt(folder.tree, [todo.path]));
    case 'agree':
      return folder.agree();
  }
}

async function pathsOnDisk(folder: SyncedFolder): Promise<string[]> {
  const entries = await readdir(folder.root.path, { recursive: true });
  return entries.filter((entry) => !entry.startsWith('.driftless')).sort();
}

describe('after any changes and any looks', () => {
  it('a scan leaves the tree exactly as the disk is, one id a place, and the next one changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const folder = await SyncedFolder.make();
        try {
          for (const file of ['a', 'b', 'd/a', 'd/e/a']) await folder.write(file);
          await folder.agree();
          for (const todo of steps) await carryOut(folder, todo);
          const { again } = await folder.scan();
          expect(again).toEqual([]);
          await sweepMissing(folder.parts, folder.now + 2_000);
          const paths = folder.tree.paths(({ diskName }) => diskName);
          expect(Object.keys(paths).sort()).toEqual(await pathsOnDisk(folder));
          expect(folder.tree.rows.size).toBe(Object.keys(paths).length);
          for (const [at, id] of Object.entries(paths)) {
            const sight = await nodeFilesystem.lstat(join(folder.root.path, at));
            const row = folder.tree.rows.get(id);
            expect(row?.kind).toBe(sight?.kind);
            if (row?.kind === 'file') expect(row.stat).toEqual(sight);
          }
          folder.tree.log = [];
          await folder.scan();
          expect(folder.tree.log).toEqual([]);
        } finally {
          await folder.delete();
        }
      }),
      { numRuns: 100 },
    );
  });
});
