import fc from 'fast-check';
import { type Kind, PARKED, type Place } from '../../../main/engine/model.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Hands, OneSide } from './hands.ts';
import type { World } from './world.ts';

/** One random edit; numbers choose among what is there. */
export interface Edit {
  readonly side: 'local' | 'remote' | 'both';
  readonly what:
    | 'create'
    | 'edit'
    | 'delete'
    | 'rename'
    | 'move'
    | 'swap'
    | 'touch'
    | 'replace'
    | 'unwrap'
    | 'wrap'
    | 'lose';
  readonly target: number;
  readonly other: number;
  readonly name: string;
  readonly folder: boolean;
  readonly flag: boolean;
}

/** `A` and `a` are one name in a folder. */
const NAMES = ['a', 'A', 'b', 'c', 'd.txt', 'D.txt', 'é', 'É'];

const small = fc.nat({ max: 11 });

export const edits = (
  sides: readonly Edit['side'][],
  options: { readonly max: number; readonly names?: readonly string[]; readonly lose?: boolean },
): fc.Arbitrary<readonly Edit[]> =>
  fc.array(
    fc.record<Edit>({
      side: fc.constantFrom(...sides),
      what: fc.constantFrom(
        ...(['create', 'create', 'edit', 'edit', 'delete', 'rename', 'move', 'move'] as const),
        ...(['swap', 'touch', 'replace', 'unwrap', 'wrap', ...(options.lose ? (['lose'] as const) : [])] as const),
      ),
      target: small,
      other: small,
      name: fc.constantFrom(...(options.names ?? NAMES)),
      folder: fc.boolean(),
      flag: fc.boolean(),
    }),
    { maxLength: options.max },
  );

/** A tree that both sides agree on: each node lies in an earlier folder or at the top. */
export const agreedTrees = (names: readonly string[] = NAMES): fc.Arbitrary<readonly Seed[]> =>
  fc.array(fc.record({ folder: fc.boolean(), into: fc.nat({ max: 5 }), name: fc.constantFrom(...names) }), {
    maxLength: 9,
  });

export interface Seed {
  readonly folder: boolean;
  readonly into: number;
  readonly name: string;
}

export function plant(world: World, hands: Hands, seeds: readonly Seed[]): void {
  const folders: (NodeId | null)[] = [null];
  for (const { folder, into, name } of seeds) {
    const parentId = folders[into % folders.length] ?? null;
    if (world.remote.holders(parentId, nameKey(name)).length > 0) continue;
    const id = hands.agreed(folder ? 'folder' : 'file', { parentId, name });
    if (folder) folders.push(id);
  }
}

/** `both`: the same edit on both sides, as when two people do the same. */
export function perform(world: World, hands: Hands, edit: Edit): void {
  const sides = edit.side === 'both' ? (['local', 'remote'] as const) : [edit.side];
  const content = hands.newContent();
  for (const side of sides) performOn(hands.on(side), shownOn(world, side), edit, content);
}

interface Shown extends Place {
  readonly id: NodeId;
  readonly kind: Kind;
}

function shownOn(world: World, side: 'local' | 'remote'): readonly Shown[] {
  const nodes =
    side === 'local'
      ? world.local.all().filter(({ missingSince }) => missingSince === null)
      : world.remote.all().filter(({ state }) => state === 'live');
  return nodes.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function performOn(side: OneSide, shown: readonly Shown[], edit: Edit, content: ContentId): void {
  // Nobody renames what lies parked for a moment, but a program may still write to it.
  const nodes = shown.filter(({ parentId }) => parentId !== PARKED || edit.what === 'edit');
  const folders = [null, ...nodes.filter(({ kind }) => kind === 'folder').map(({ id }) => id)];
  const parentId = folders[edit.other % folders.length] ?? null;
  const kind = edit.folder ? 'folder' : 'file';
  if (edit.what === 'create') {
    side.create(kind, { parentId, name: edit.name }, content, edit.flag);
    return;
  }
  const target = nodes[edit.target % Math.max(1, nodes.length)];
  const other = nodes[edit.other % Math.max(1, nodes.length)];
  if (!target || !other) return;
  const { id } = target;
  const place = { parentId: target.parentId, name: target.name };
  const aside = { parentId: target.parentId, name: `${target.name} for a moment` };
  switch (edit.what) {
    case 'edit':
      side.edit(id, content, edit.flag);
      break;
    case 'touch':
      side.touch(id, edit.flag, edit.folder);
      break;
    case 'lose':
      side.lose(id);
      break;
    case 'delete':
      side.remove(id);
      break;
    case 'rename':
      side.move(id, { ...place, name: edit.name });
      break;
    case 'move':
      side.move(id, { parentId, name: edit.flag ? edit.name : place.name });
      break;
    case 'swap':
      side.swap(id, other.id);
      break;
    case 'replace':
      // Another thing under the same name, of whichever kind.
      side.remove(id);
      side.create(kind, place, content, edit.flag);
      break;
    case 'unwrap': {
      // A folder gives its name to what was in it.
      const child = nodes.find((node) => node.parentId === id);
      if (!child) break;
      side.move(child.id, aside);
      side.remove(id);
      side.move(child.id, place);
      break;
    }
    case 'wrap': {
      // A new folder takes the name of what then lies in it.
      side.move(id, aside);
      const folder = side.create('folder', place, content, true);
      side.move(id, folder ? { parentId: folder, name: edit.name } : place);
      break;
    }
  }
}
