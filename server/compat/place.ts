import { v7 as uuid } from 'uuid';
import type { Node } from '../../shared/api/nodes.ts';
import { NodeId, type UserId } from '../../shared/ids.ts';
import { nameKey, splitExtension } from '../../shared/names.ts';
import type { Db } from '../db/schema.ts';
import { Refusal, refuse } from '../refusal.ts';
import { operate } from '../tree/operations.ts';

/** The live node of this name in a folder, whatever its case. */
async function named(db: Db, userId: UserId, parentId: NodeId | null, name: string) {
  return db
    .selectFrom('nodes')
    .select(['id', 'kind'])
    .where('user_id', '=', userId)
    .where((eb) => eb(eb.fn.coalesce('parent_id', eb.val('')), '=', parentId ?? ''))
    .where('name_key', '=', nameKey(name))
    .where('state', '=', 'live')
    .executeTakeFirst();
}

/** The folder at the end of these names, made where there is none; null: the top. */
export async function folderAt(db: Db, userId: UserId, names: readonly string[], now: number): Promise<NodeId | null> {
  let parentId: NodeId | null = null;
  for (const name of names) {
    const found = await named(db, userId, parentId, name);
    if (found?.kind === 'file') {
      throw refuse('name-taken', `A file is called "${name}", so no folder can be. Rename the file first.`);
    }
    parentId = found?.id ?? (await makeFolder(db, userId, parentId, name, now));
  }
  return parentId;
}

/** Two uploads at once may both want to: the one that comes second takes what the first has made. */
async function makeFolder(db: Db, userId: UserId, parentId: NodeId | null, name: string, now: number): Promise<NodeId> {
  const id = NodeId.parse(uuid());
  const [result] = await operate(db, userId, [{ type: 'createFolder', id, parentId, name, mtimeMs: now }]);
  if (result?.ok) return id;
  const made = result?.problem.code === 'name-taken' ? await named(db, userId, parentId, name) : undefined;
  if (made?.kind === 'folder') return made.id;
  throw result ? new Refusal(result.problem) : new Error('a folder was made without a result');
}

/** How many names are tried before somebody is told that this one is taken. */
const TRIES = 1_000;

/** Puts a file under its name, or the first of `name (2)`, `name (3)` … that is free; `put` refuses a taken one. */
export async function underFreeName(
  db: Db,
  userId: UserId,
  parentId: NodeId | null,
  name: string,
  put: (name: string) => Promise<Node>,
): Promise<Node> {
  const { stem, extension } = splitExtension(name);
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${stem} (${n})${extension}`;
    if (await named(db, userId, parentId, candidate)) continue;
    try {
      return await put(candidate);
    } catch (error) {
      if (n === TRIES || !(error instanceof Refusal && error.problem.code === 'name-taken')) throw error;
    }
  }
}

/** The live file at a path of the user's tree. */
export async function fileAt(db: Db, userId: UserId, path: string): Promise<NodeId> {
  let parentId: NodeId | null = null;
  let found: Awaited<ReturnType<typeof named>>;
  for (const name of path.split('/').filter((part) => part !== '')) {
    found = await named(db, userId, parentId, name);
    if (!found) break;
    parentId = found.id;
  }
  if (found?.kind !== 'file') throw refuse('not-found', 'File not found. Look at the list of files again.');
  return found.id;
}
