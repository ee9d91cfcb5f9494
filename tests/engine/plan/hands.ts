import type { Kind, Place } from '../../../main/engine/model.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { contentNumber, type World } from './world.ts';

export interface OneSide {
  create(kind: Kind, place: Place, content: ContentId, hashed: boolean): NodeId | undefined;
  edit(id: NodeId, content: ContentId, hashed: boolean): void;
  touch(id: NodeId, executable: boolean, hashed: boolean): void;
  move(id: NodeId, place: Place): void;
  swap(a: NodeId, b: NodeId): void;
  remove(id: NodeId): void;
  /** Not found at the last look. */
  lose(id: NodeId): void;
}

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

  /** A file with the very name of another one on the disk, in other characters. */
  createDouble(of: NodeId, content: ContentId, hashed: boolean): void {
    const world = this.#world;
    const original = world.presentLocal(of);
    if (!original) return;
    const id = world.nextId();
    const stat = world.stat('file', content, world.nextMoment(), false);
    world.bytes.set(id, content);
    const diskName = original.name.normalize('NFD');
    world.local.put({ ...original, id, kind: 'file', diskName, stat, contentId: hashed ? content : null });
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

  /** The engine's memory is gone: what lies on the disk is seen for the first time, under ids of its own. */
  forgetEverything(): void {
    const world = this.#world;
    const rows = world.local.all();
    const ids = new Map(rows.map(({ id }) => [id, world.nextId()]));
    const renewed = (id: NodeId): NodeId => ids.get(id) ?? id;
    for (const { id } of rows) {
      world.local.remove(id);
      world.synced.remove(id);
    }
    for (const row of rows) {
      const parentId = row.parentId && renewed(row.parentId);
      world.local.put({ ...row, id: renewed(row.id), parentId, contentId: null });
      const bytes = world.bytes.get(row.id);
      world.bytes.delete(row.id);
      if (bytes) world.bytes.set(renewed(row.id), bytes);
    }
  }

  /** What was not found has not come back in time. Answers whether there was any. */
  giveUp(): boolean {
    const missing = this.#world.local.all().filter(({ missingSince }) => missingSince !== null);
    for (const { id } of missing) this.#world.local.remove(id);
    return missing.length > 0;
  }

  deleteRemote(id: NodeId, confirmed = false): void {
    const world = this.#world;
    const remote = world.liveRemote(id);
    if (!remote) return;
    for (const child of world.remote.children(id)) this.deleteRemote(child.id, confirmed);
    const rev = world.nextRev();
    world.remote.put({ ...remote, state: 'trashed', placeRev: rev, seq: rev, confirmed });
  }

  /** The same hands on either side. */
  on(side: 'local' | 'remote'): OneSide {
    if (side === 'local') {
      return {
        create: (...how) => this.createLocal(...how),
        edit: (...how) => this.editLocal(...how),
        touch: (...how) => this.touchLocal(...how),
        move: (...how) => this.moveLocal(...how),
        swap: (...how) => this.swapLocal(...how),
        remove: (id) => this.deleteLocal(id),
        lose: (id) => this.loseLocal(id),
      };
    }
    return {
      create: (kind, place, content) => this.createRemote(kind, place, content),
      edit: (id, content) => this.editRemote(id, content),
      touch: (id, executable) => this.touchRemote(id, executable),
      move: (...how) => this.moveRemote(...how),
      swap: (...how) => this.swapRemote(...how),
      remove: (id) => this.deleteRemote(id),
      lose: () => undefined,
    };
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
