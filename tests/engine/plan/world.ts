import {
  type DiskStat,
  type Kind,
  type LocalNode,
  mtimeMsOf,
  PARKED,
  type Place,
  type RemoteNode,
  type SyncedNode,
  sameObservation,
} from '../../../main/engine/model.ts';
import type { ChangedPlace } from '../../../main/engine/plan/closure.ts';
import type { Operation } from '../../../main/engine/plan/operations.ts';
import { finalPlaces } from '../../../main/engine/plan/plan.ts';
import type { Trees } from '../../../main/engine/plan/trees.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameFault, nameKey } from '../../../shared/names.ts';
import { Tree } from './tree.ts';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** An operation was carried out that a disk, a server or a person would not have stood for. */
export class Unsafe extends Error {}

/** The name that an operation was to take was taken since it was planned: every disk and server refuses that. */
export class Taken extends Unsafe {}

function demand(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Unsafe(complaint);
}

/** Two contents in a row have the same size. */
export const sizeOf = (content: ContentId): number => 10 + Math.floor(Number.parseInt(content.slice(-6), 16) / 2);

export const contentNumber = (n: number): ContentId => n.toString(16).padStart(64, '0') as ContentId;

/**
 * A disk, a server and what both agreed on, in memory. The disk tells upper from lower case; a name is nevertheless
 * taken there when it is taken in any case, so that the planner is held to the strictest disk.
 */
export class World {
  readonly local: Tree<LocalNode>;
  readonly remote: Tree<RemoteNode>;
  readonly synced: Tree<SyncedNode>;
  protected readonly raw: Trees;
  /** What is really in each file on disk. */
  readonly bytes = new Map<NodeId, ContentId>();
  /** Deletes that both sides have seen, as last agreed. */
  readonly deleted = new Map<NodeId, SyncedNode>();
  /** What changed since `takeChanges`. */
  #ids = new Set<NodeId>();
  #places = new Map<string, ChangedPlace>();
  #lastId = 0;
  #lastRev = 0;
  #lastMoment = Date.UTC(2026, 10, 20, 14, 2);
  readonly #records: boolean;

  /** `records`: false for an engine that dies each time before it has written down what a result means. */
  constructor(records = true) {
    this.#records = records;
    const note = (id: NodeId, before: Place | undefined, after: Place | undefined): void => {
      this.#ids.add(id);
      if (!before) return;
      for (const place of [before, after]) {
        if (!place) continue;
        const key = nameKey(place.name);
        this.#places.set(`${place.parentId ?? ''}/${key}`, { parentId: place.parentId, key });
      }
    };
    this.local = new Tree<LocalNode>(note);
    this.remote = new Tree<RemoteNode>(note, (node) => node.state === 'live');
    this.synced = new Tree<SyncedNode>(note);
    this.raw = {
      local: this.local,
      remote: {
        get: (id) => this.remote.get(id),
        children: (id) => this.remote.children(id),
        holder: (id, key) => this.remote.holders(id, key)[0],
      },
      synced: this.synced,
    };
  }

  /** As the planner sees them. */
  get trees(): Trees {
    return this.raw;
  }

  /** The last sequence number given. */
  get lastRev(): number {
    return this.#lastRev;
  }

  /** The server is what it was when these were its rows and this its last sequence number. */
  putBack(rows: readonly RemoteNode[], rev: number): void {
    for (const { id } of this.remote.all()) this.remote.remove(id);
    for (const row of rows) this.remote.put(row);
    this.#lastRev = rev;
  }

  /** What is not found may yet be: some plans have to wait. */
  get isOpen(): boolean {
    return this.local.all().some(({ missingSince }) => missingSince !== null);
  }

  /** To be planned anew, although no tree has changed. */
  protected again(id: NodeId): void {
    this.#ids.add(id);
  }

  takeChanges(): { readonly ids: ReadonlySet<NodeId>; readonly places: readonly ChangedPlace[] } {
    const changes = { ids: this.#ids, places: [...this.#places.values()] };
    this.#ids = new Set();
    this.#places = new Map();
    return changes;
  }

  get ids(): readonly NodeId[] {
    return [...new Set([...this.local.all(), ...this.remote.all(), ...this.synced.all()].map(({ id }) => id))].sort();
  }

  get reads(): number {
    return this.local.reads + this.remote.reads + this.synced.reads;
  }

  nextId(): NodeId {
    this.#lastId += 1;
    return `00000000-0000-7000-8000-${this.#lastId.toString(16).padStart(12, '0')}` as NodeId;
  }

  nextRev(): number {
    this.#lastRev += 1;
    return this.#lastRev;
  }

  /** A minute later than the last. */
  nextMoment(): number {
    this.#lastMoment += 60_000;
    return this.#lastMoment;
  }

  stat(kind: Kind, content: ContentId | null, mtimeMs: number, executable: boolean): DiskStat {
    return {
      kind,
      size: content === null ? 0 : sizeOf(content),
      mtimeNs: BigInt(mtimeMs) * 1_000_000n,
      ino: BigInt(this.nextRev()),
      dev: 1n,
      birthNs: 0n,
      changeNs: 0n,
      links: 1,
      executable,
    };
  }

  liveRemote(id: NodeId): RemoteNode | undefined {
    const node = this.remote.get(id);
    return node?.state === 'live' ? node : undefined;
  }

  presentLocal(id: NodeId): LocalNode | undefined {
    const node = this.local.get(id);
    return node?.missingSince === null ? node : undefined;
  }

  /** The ideal effect of an operation; throws Unsafe when the trees are not what it relies on. */
  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'agree':
        this.#agree(operation);
        break;
      case 'forget':
        this.#forget(operation);
        break;
      case 'hash':
        this.#hash(operation);
        break;
      case 'rekey':
        this.#rekey(operation);
        break;
      case 'upload':
        this.#upload(operation);
        break;
      case 'createRemoteFolder':
        this.#createRemoteFolder(operation);
        break;
      case 'moveRemote':
        this.#moveRemote(operation);
        break;
      case 'setRemoteMetadata':
        this.#setRemoteMetadata(operation);
        break;
      case 'trashRemote':
        this.#trashRemote(operation);
        break;
      case 'download':
        this.#download(operation);
        break;
      case 'createLocalFolder':
        this.#createLocalFolder(operation);
        break;
      case 'moveLocal':
        this.#moveLocal(operation);
        break;
      case 'parkLocal':
        this.#parkLocal(operation);
        break;
      case 'setLocalMetadata':
        this.#setLocalMetadata(operation);
        break;
      case 'deleteLocal':
        this.#deleteLocal(operation);
        break;
      case 'conflictCopy':
        this.#conflictCopy(operation);
        break;
    }
  }

  #agree({ id }: Of<'agree'>): void {
    const local = this.#onDisk(id);
    const remote = this.#onServer(id);
    demand(local.parentId === remote.parentId && local.name === remote.name, 'agree: the places differ');
    if (local.kind === 'file') {
      demand(this.bytes.get(id) === remote.contentId, 'agree: the contents differ');
      demand(mtimeMsOf(local.stat) === remote.mtimeMs, 'agree: the times differ');
      demand(local.stat.executable === remote.executable, 'agree: the executable bits differ');
    }
    this.synced.put(agreed(remote));
  }

  #forget({ id }: Of<'forget'>): void {
    const here = this.local.get(id) !== undefined;
    const there = this.liveRemote(id) !== undefined;
    demand(!(here && there), 'forget: it is on both sides');
    this.synced.remove(id);
    // The server knows a trashed node by its id: who brings it back has to know its contentRev.
    const trashed = this.remote.get(id);
    if (!here && trashed && !there) this.deleted.set(id, trashed);
    if (!here && !there) this.remote.remove(id);
  }

  #hash({ id, stat }: Of<'hash'>): void {
    const local = this.#observed(id, stat);
    demand(local.kind === 'file' && local.contentId === null, 'hash: it is known');
    this.local.put({ ...local, contentId: this.bytes.get(id) ?? null });
  }

  #rekey({ id, as }: Of<'rekey'>): void {
    const local = this.#onDisk(id);
    const remote = this.#onServer(as);
    demand(this.local.get(as) === undefined, 'rekey: it is on the disk already');
    demand(local.kind === remote.kind, 'rekey: another kind');
    if (local.kind === 'file') demand(this.bytes.get(id) === remote.contentId, 'rekey: another content');
    const bytes = this.bytes.get(id);
    this.bytes.delete(id);
    if (bytes) this.bytes.set(as, bytes);
    for (const child of this.local.children(id)) {
      this.#livesOn(child.id);
      this.local.put({ ...child, parentId: as });
    }
    this.local.remove(id);
    this.local.put({ ...local, id: as });
  }

  #livesOn(id: NodeId): void {
    if (this.liveRemote(id)) return;
    for (const child of this.local.children(id)) this.#livesOn(child.id);
    this.synced.remove(id);
  }

  #upload({ id, stat, baseContentRev, place, executable }: Of<'upload'>): void {
    const local = this.#observed(id, stat);
    const contentId = this.bytes.get(id);
    demand(contentId !== undefined, 'upload: no file');
    const before = this.remote.get(id);
    const mtimeMs = mtimeMsOf(stat);
    const taken = executable ?? before?.executable ?? false;
    const content = { contentId, size: sizeOf(contentId), mtimeMs, executable: taken };
    demand((before?.contentRev ?? null) === baseContentRev, 'upload: another base');
    const rev = this.nextRev();
    if (before?.state === 'live') {
      this.remote.put({ ...before, ...content, contentRev: rev, metaRev: rev, seq: rev });
    } else {
      demand(local.parentId === place.parentId && local.name === place.name, 'upload: not what the disk shows');
      this.#freeOnServer(place);
      this.remote.put({ ...revived(id, 'file', place, rev), ...content });
    }
    const synced = this.synced.get(id);
    this.#record({ ...agreed(this.#onServer(id), synced), mtimeMs, executable: stat.executable });
    this.local.put({ ...local, contentId });
  }

  #createRemoteFolder({ id, place, mtimeMs }: Of<'createRemoteFolder'>): void {
    this.#onDisk(id);
    demand(this.liveRemote(id) === undefined, 'createRemoteFolder: it lives');
    this.#freeOnServer(place);
    this.remote.put({ ...revived(id, 'folder', place, this.nextRev()), mtimeMs });
    this.#record(agreed(this.#onServer(id)));
  }

  #moveRemote({ id, placeRev, place, with: others }: Of<'moveRemote'>): void {
    demand(this.#onServer(id).placeRev === placeRev, 'moveRemote: another base');
    const moves = [{ id, place }, ...finalPlaces(this.trees, others)];
    demand(moves.length === others.length + 1, 'moveRemote: a member has no place');
    for (const other of others) {
      const local = this.#onDisk(other);
      const target = moves.find((move) => move.id === other)?.place;
      demand(local.parentId === target?.parentId && local.name === target.name, 'moveRemote: not what the disk shows');
    }
    const moving = new Set(moves.map((move) => move.id));
    for (const move of moves) {
      this.#freeOnServer(move.place, moving);
      const node = this.#onServer(move.id);
      const rev = this.nextRev();
      this.remote.put({ ...node, ...move.place, placeRev: rev, seq: rev });
    }
    for (const move of moves) {
      const slot = this.remote.holders(move.place.parentId, nameKey(move.place.name));
      demand(slot.length === 1, 'moveRemote: two take one name');
      this.#hasTop(this.remote, move.id);
      const synced = this.synced.get(move.id);
      if (synced) this.#record({ ...synced, ...move.place, placeRev: this.#onServer(move.id).placeRev });
    }
  }

  #setRemoteMetadata({ id, mtimeMs, executable }: Of<'setRemoteMetadata'>): void {
    const node = this.#onServer(id);
    const rev = this.nextRev();
    const now = { mtimeMs: mtimeMs ?? node.mtimeMs, executable: executable ?? node.executable };
    this.remote.put({ ...node, ...now, metaRev: rev, seq: rev });
    const synced = this.synced.get(id);
    if (synced) this.#record({ ...synced, ...now });
  }

  #trashRemote({ id, contentRev, placeRev, files }: Of<'trashRemote'>): void {
    const node = this.#onServer(id);
    demand(node.contentRev === contentRev && node.placeRev === placeRev, 'trashRemote: another base');
    const inside = this.#inside(id);
    demand(inside.filter(({ kind }) => kind === 'file').length === files, 'trashRemote: wrong count');
    for (const each of inside) {
      demand(this.local.get(each.id) === undefined, 'trashRemote: something inside is on the disk');
      demand(this.synced.get(each.id)?.contentId === each.contentId, 'trashRemote: something inside was never seen');
      const rev = this.nextRev();
      this.remote.put({ ...each, state: 'trashed', placeRev: rev, seq: rev });
    }
  }

  #inside(id: NodeId): readonly RemoteNode[] {
    const node = this.#onServer(id);
    return [node, ...this.remote.children(id).flatMap((child) => this.#inside(child.id))];
  }

  #download({ id, contentId, size, mtimeMs, executable, serverExecutable, place, replaces }: Of<'download'>): void {
    const remote = this.#onServer(id);
    const before = this.local.get(id);
    const synced = this.synced.get(id);
    demand(remote.contentId === contentId && remote.size === size, 'download: another version');
    demand(serverExecutable === remote.executable, 'download: another executable bit');
    if (replaces === null) {
      demand(before === undefined, 'download: something is there');
      demand(remote.parentId === place.parentId && remote.name === place.name, 'download: not its place');
      this.#freeOnDisk(place);
    } else {
      this.#observed(id, replaces);
      demand(this.bytes.get(id) === synced?.contentId, 'download: it would overwrite what was never sent');
    }
    const at = before ?? { ...place, diskName: place.name };
    const stat = this.stat('file', contentId, mtimeMs, executable);
    this.bytes.set(id, contentId);
    this.local.put({
      id,
      kind: 'file',
      parentId: at.parentId,
      name: at.name,
      diskName: at.diskName,
      stat,
      contentId,
      missingSince: null,
    });
    this.#record(agreed(remote, (before && synced) ?? place));
  }

  #createLocalFolder({ id, place }: Of<'createLocalFolder'>): void {
    const remote = this.#onServer(id);
    demand(this.local.get(id) === undefined, 'createLocalFolder: it is there');
    this.#freeOnDisk(place);
    const stat = this.stat('folder', null, remote.mtimeMs, false);
    this.local.put({ id, kind: 'folder', ...place, diskName: place.name, stat, contentId: null, missingSince: null });
    this.#record(agreed(remote, place));
  }

  #moveLocal({ id, place, stat }: Of<'moveLocal'>): void {
    const local = this.#observed(id, stat);
    demand(local.parentId !== place.parentId || local.name !== place.name, 'moveLocal: nowhere to go');
    demand(nameFault(place.name) === undefined, 'moveLocal: no name');
    this.#freeOnDisk(place, id);
    this.local.put({ ...local, ...place, diskName: place.name });
    this.#hasTop(this.local, id);
  }

  #parkLocal({ id, stat }: Of<'parkLocal'>): void {
    const local = this.#observed(id, stat);
    demand(this.liveRemote(id) !== undefined, 'parkLocal: the server does not know it');
    demand(local.parentId !== PARKED, 'parkLocal: it is parked');
    this.local.put({ ...local, parentId: PARKED, name: id, diskName: id });
  }

  #setLocalMetadata({ id, mtimeMs, executable, stat }: Of<'setLocalMetadata'>): void {
    const local = this.#observed(id, stat);
    this.local.put({ ...local, stat: { ...stat, mtimeNs: BigInt(mtimeMs) * 1_000_000n, executable } });
  }

  #deleteLocal({ id, stat }: Of<'deleteLocal'>): void {
    const { parentId, name } = this.#observed(id, stat);
    demand(this.local.children(id).length === 0, 'deleteLocal: it is not empty');
    const [namesake] = this.remote.holders(parentId, nameKey(name));
    const stored = [this.synced.get(id)?.contentId, namesake?.contentId].map((contentId) => contentId ?? undefined);
    demand(stored.includes(this.bytes.get(id)), 'deleteLocal: never sent');
    this.bytes.delete(id);
    this.local.remove(id);
  }

  #conflictCopy({ id, name, stat }: Of<'conflictCopy'>): void {
    const local = this.#observed(id, stat);
    const bytes = this.bytes.get(id);
    demand(bytes !== undefined && bytes !== this.#onServer(id).contentId, 'conflictCopy: the same bytes');
    this.#freeOnDisk({ parentId: local.parentId, name }, id);
    const copy = this.nextId();
    this.bytes.delete(id);
    this.bytes.set(copy, bytes);
    this.local.remove(id);
    this.local.put({ ...local, id: copy, name, diskName: name });
  }

  #record(row: SyncedNode): void {
    if (this.#records) this.synced.put(row);
  }

  #onDisk(id: NodeId): LocalNode {
    const node = this.presentLocal(id);
    demand(node !== undefined, `not on the disk: ${id}`);
    return node;
  }

  #observed(id: NodeId, stat: DiskStat): LocalNode {
    const node = this.#onDisk(id);
    demand(sameObservation(node.stat, stat) && node.stat.executable === stat.executable, `not as observed: ${id}`);
    return node;
  }

  #onServer(id: NodeId): RemoteNode {
    const node = this.liveRemote(id);
    demand(node !== undefined, `not on the server: ${id}`);
    return node;
  }

  #freeOnServer({ parentId, name }: Place, moving: ReadonlySet<NodeId> = new Set()): void {
    demand(nameFault(name) === undefined, 'the server refuses the name');
    demand(parentId === null || this.liveRemote(parentId)?.kind === 'folder', 'no such folder on the server');
    const [holder] = this.remote.holders(parentId, nameKey(name));
    if (holder && !moving.has(holder.id)) throw new Taken(`the name is taken on the server: ${name}`);
  }

  #freeOnDisk({ parentId, name }: Place, id?: NodeId): void {
    demand(parentId === null || this.presentLocal(parentId)?.kind === 'folder', 'no such folder on the disk');
    const taken = this.local
      .holders(parentId, nameKey(name))
      .some((node) => node.id !== id && node.missingSince === null);
    if (taken) throw new Taken(`the name is taken on the disk: ${name}`);
  }

  #hasTop(tree: Tree<LocalNode> | Tree<RemoteNode>, id: NodeId): void {
    const seen = new Set<NodeId>();
    for (let at: NodeId | null = id; at !== null && at !== PARKED; at = tree.get(at)?.parentId ?? null) {
      demand(!seen.has(at), 'a folder inside itself');
      seen.add(at);
    }
  }
}

const revived = (id: NodeId, kind: Kind, place: Place, rev: number): RemoteNode => ({
  id,
  kind,
  ...place,
  state: 'live',
  contentId: null,
  size: 0,
  mtimeMs: 0,
  executable: false,
  contentRev: rev,
  placeRev: rev,
  metaRev: rev,
  seq: rev,
});

const agreed = (node: RemoteNode, place: Place = node): SyncedNode => ({
  id: node.id,
  kind: node.kind,
  parentId: place.parentId,
  name: place.name,
  contentId: node.contentId,
  size: node.size,
  mtimeMs: node.mtimeMs,
  executable: node.executable,
  contentRev: node.contentRev,
  placeRev: node.placeRev,
});
