import fc from 'fast-check';
import { type Kind, PARKED, type Place } from '../../../main/engine/model.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { contentNumber, type World } from './world.ts';

/** What a person, or another device, does to one side. A target that is not there makes it nothing. */
export class Hands {
  readonly #world: World;
  #contents = 0;

  constructor(world: World) {
    this.#world = world;
  }

  newContent(): ContentId {
    this.#contents += 2;
    return contentNumber(this.#contents);
  }

  /** A node that both sides have and have agreed on. */
  agreed(kind: Kind, place: Place, content: ContentId = this.newContent()): NodeId {
    const world = this.#world;
    const id = world.nextId();
    const mtimeMs = world.nextMoment();
    const contentId = kind === 'file' ? content : null;
    const stat = world.stat(kind, contentId, mtimeMs, false);
    const rev = world.nextRev();
    if (contentId) world.bytes.set(id, contentId);
    world.local.put({ id, kind, ...place, diskName: place.name, stat, contentId, missingSince: null });
    const shared = { id, kind, ...place, contentId, size: stat.size, mtimeMs, executable: false };
    world.remote.put({ ...shared, state: 'live', contentRev: rev, placeRev: rev, metaRev: rev, seq: rev });
    world.synced.put({ ...shared, contentRev: rev, placeRev: rev });
    return id;
  }

  createLocal(kind: Kind, place: Place, content: ContentId = this.newContent(), hashed = true): NodeId | undefined {
    const world = this.#world;
    if (!this.#localFree(place)) return undefined;
    const id = world.nextId();
    const bytes = kind === 'file' ? content : null;
    const stat = world.stat(kind, bytes, world.nextMoment(), false);
    if (bytes) world.bytes.set(id, bytes);
    const contentId = hashed ? bytes : null;
    world.local.put({ id, kind, ...place, diskName: place.name, stat, contentId, missingSince: null });
    return id;
  }

  createRemote(kind: Kind, place: Place, content: ContentId = this.newContent()): NodeId | undefined {
    const world = this.#world;
    if (!this.#remoteFree(place)) return undefined;
    const id = world.nextId();
    const contentId = kind === 'file' ? content : null;
    const { size } = world.stat(kind, contentId, 0, false);
    const rev = world.nextRev();
    world.remote.put({
      id,
      kind,
      ...place,
      state: 'live',
      contentId,
      size,
      mtimeMs: world.nextMoment(),
      executable: false,
      contentRev: rev,
      placeRev: rev,
      metaRev: rev,
      seq: rev,
    });
    return id;
  }

  editLocal(id: NodeId, content: ContentId = this.newContent(), hashed = true): void {
    const world = this.#world;
    const local = world.presentLocal(id);
    if (local?.kind !== 'file') return;
    world.bytes.set(id, content);
    const stat = { ...world.stat('file', content, world.nextMoment(), local.stat.executable), ino: local.stat.ino };
    world.local.put({ ...local, stat, contentId: hashed ? content : null });
  }

  editRemote(id: NodeId, content: ContentId = this.newContent()): void {
    const world = this.#world;
    const remote = world.liveRemote(id);
    if (remote?.kind !== 'file') return;
    const { size } = world.stat('file', content, 0, false);
    const rev = world.nextRev();
    const mtimeMs = world.nextMoment();
    world.remote.put({ ...remote, contentId: content, size, mtimeMs, contentRev: rev, metaRev: rev, seq: rev });
  }

  touchLocal(id: NodeId, executable: boolean, hashed = true): void {
    const local = this.#world.presentLocal(id);
    if (!local) return;
    const stat = { ...local.stat, executable, mtimeNs: BigInt(this.#world.nextMoment()) * 1_000_000n };
    this.#world.local.put({ ...local, stat, contentId: hashed ? local.contentId : null });
  }

  touchRemote(id: NodeId, executable: boolean): void {
    const remote = this.#world.liveRemote(id);
    if (remote?.kind !== 'file') return;
    const rev = this.#world.nextRev();
    this.#world.remote.put({ ...remote, executable, mtimeMs: this.#world.nextMoment(), metaRev: rev, seq: rev });
  }

  moveLocal(id: NodeId, place: Place): void {
    const local = this.#world.presentLocal(id);
    if (!local || !this.#localFree(place) || this.#isBelow('local', place.parentId, id)) return;
    this.#world.local.put({ ...local, ...place, diskName: place.name });
  }

  moveRemote(id: NodeId, place: Place): void {
    const remote = this.#world.liveRemote(id);
    if (!remote || !this.#remoteFree(place, id) || this.#isBelow('remote', place.parentId, id)) return;
    const rev = this.#world.nextRev();
    this.#world.remote.put({ ...remote, ...place, placeRev: rev, seq: rev });
  }

  swapLocal(a: NodeId, b: NodeId): void {
    const [one, two] = [this.#world.presentLocal(a), this.#world.presentLocal(b)];
    if (!one || !two || a === b) return;
    if (this.#isBelow('local', one.parentId, b) || this.#isBelow('local', two.parentId, a)) return;
    this.#world.local.put({ ...one, parentId: two.parentId, name: two.name, diskName: two.diskName });
    this.#world.local.put({ ...two, parentId: one.parentId, name: one.name, diskName: one.diskName });
  }

  swapRemote(a: NodeId, b: NodeId): void {
    const [one, two] = [this.#world.liveRemote(a), this.#world.liveRemote(b)];
    if (!one || !two || a === b) return;
    if (this.#isBelow('remote', one.parentId, b) || this.#isBelow('remote', two.parentId, a)) return;
    for (const [node, { parentId, name }] of [[one, two] as const, [two, one] as const]) {
      const rev = this.#world.nextRev();
      this.#world.remote.put({ ...node, parentId, name, placeRev: rev, seq: rev });
    }
  }

  deleteLocal(id: NodeId): void {
    const world = this.#world;
    for (const child of world.local.children(id)) this.deleteLocal(child.id);
    world.bytes.delete(id);
    world.local.remove(id);
  }

  /** Not found at the last look; it may only have moved. */
  loseLocal(id: NodeId): void {
    const local = this.#world.presentLocal(id);
    if (!local) return;
    for (const child of this.#world.local.children(id)) this.loseLocal(child.id);
    this.#world.local.put({ ...local, missingSince: 1 });
  }

  /** What was not found has not come back in time. */
  giveUp(): void {
    for (const { id, missingSince } of this.#world.local.all()) if (missingSince !== null) this.#world.local.remove(id);
  }

  deleteRemote(id: NodeId, confirmed = false): void {
    const world = this.#world;
    const remote = world.liveRemote(id);
    if (!remote) return;
    for (const child of world.remote.children(id)) this.deleteRemote(child.id, confirmed);
    const rev = world.nextRev();
    world.remote.put({ ...remote, state: 'trashed', placeRev: rev, seq: rev, confirmed });
  }

  #localFree(place: Place): boolean {
    const { parentId, name } = place;
    if (parentId !== null && this.#world.presentLocal(parentId)?.kind !== 'folder') return false;
    return this.#world.local
      .holders(parentId, nameKey(name))
      .every((node) => node.name !== name || node.missingSince !== null);
  }

  #remoteFree({ parentId, name }: Place, id?: NodeId): boolean {
    if (parentId !== null && this.#world.liveRemote(parentId)?.kind !== 'folder') return false;
    return this.#world.remote.holders(parentId, nameKey(name)).every((node) => node.id === id);
  }

  #isBelow(side: 'local' | 'remote', start: NodeId | null, id: NodeId): boolean {
    for (let at = start; at !== null; at = this.#world[side].get(at)?.parentId ?? null) if (at === id) return true;
    return false;
  }
}

/** One random edit; numbers choose among what is there. */
export interface Edit {
  readonly side: 'local' | 'remote' | 'both';
  readonly what: 'create' | 'edit' | 'delete' | 'rename' | 'move' | 'swap' | 'touch' | 'replace' | 'unwrap' | 'wrap' | 'lose';
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

export function perform(world: World, hands: Hands, edit: Edit): void {
  const sides = edit.side === 'both' ? (['local', 'remote'] as const) : [edit.side];
  const content = hands.newContent();
  for (const side of sides) performOn(side, world, hands, edit, content);
}

function performOn(side: 'local' | 'remote', world: World, hands: Hands, edit: Edit, content: ContentId): void {
  const present = (side === 'local' ? world.local.all() : world.remote.all())
    .filter((node) => ('state' in node ? node.state === 'live' : node.missingSince === null))
    // Nobody renames what lies parked for a moment, but a program may still write to it.
    .filter((node) => node.parentId !== PARKED || edit.what === 'edit')
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const folders = [null, ...present.filter(({ kind }) => kind === 'folder').map(({ id }) => id)];
  const parentId = folders[edit.other % folders.length] ?? null;
  const kind = edit.folder ? 'folder' : 'file';
  const is = <L, R>(local: L, remote: R): L | R => (side === 'local' ? local : remote);
  const create = (place: Place): void => {
    if (side === 'local') hands.createLocal(kind, place, content, edit.flag);
    else hands.createRemote(kind, place, content);
  };
  const move = (id: NodeId, place: Place): void =>
    is(
      () => hands.moveLocal(id, place),
      () => hands.moveRemote(id, place),
    )();
  const remove = (id: NodeId): void =>
    is(
      () => hands.deleteLocal(id),
      () => hands.deleteRemote(id),
    )();

  if (edit.what === 'create') return create({ parentId, name: edit.name });
  const target = present[edit.target % Math.max(1, present.length)];
  if (!target) return;
  const place = { parentId: target.parentId, name: target.name };
  switch (edit.what) {
    case 'edit':
      if (side === 'local') hands.editLocal(target.id, content, edit.flag);
      else hands.editRemote(target.id, content);
      return;
    case 'touch':
      if (side === 'local') hands.touchLocal(target.id, edit.flag, edit.folder);
      else hands.touchRemote(target.id, edit.flag);
      return;
    case 'lose':
      if (side === 'local') hands.loseLocal(target.id);
      return;
    case 'delete':
      return remove(target.id);
    case 'rename':
      return move(target.id, { ...place, name: edit.name });
    case 'move':
      return move(target.id, { parentId, name: edit.flag ? edit.name : place.name });
    case 'swap': {
      const other = present[edit.other % present.length];
      if (!other) return;
      if (side === 'local') hands.swapLocal(target.id, other.id);
      else hands.swapRemote(target.id, other.id);
      return;
    }
    case 'replace':
      // Another thing under the same name, of whichever kind.
      remove(target.id);
      return create(place);
    case 'unwrap': {
      // A folder gives its name to what was in it.
      const child = present.find((node) => node.parentId === target.id);
      if (!child) return;
      move(child.id, { parentId: place.parentId, name: `${place.name} for a moment` });
      remove(target.id);
      return move(child.id, place);
    }
    case 'wrap': {
      // A new folder takes the name of what then lies in it.
      move(target.id, { parentId: place.parentId, name: `${place.name} for a moment` });
      const folder = is(
        () => hands.createLocal('folder', place),
        () => hands.createRemote('folder', place),
      )();
      return move(target.id, folder ? { parentId: folder, name: edit.name } : place);
    }
  }
}
