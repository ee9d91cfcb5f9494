import { type ChangesPage, type Cursor, RUN_DIGITS, runOf, type SharedHistory } from '../../shared/api/changes.ts';
import type { ChunkList } from '../../shared/api/content.ts';
import type { FileDraft, Node, Operation, OperationResult } from '../../shared/api/nodes.ts';
import { frameHead, type PackedDownload, type PackedFile, readFrame } from '../../shared/api/packs.ts';
import { type Problem, type ProblemCode, problem } from '../../shared/api/problem.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';
import { nameFault, nameKey, wireName } from '../../shared/names.ts';
import type { Chance } from './chance.ts';
import { contentOf } from './contents.ts';
import { libraryAfter } from './modelLibrary.ts';

/** The server says no. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(code: ProblemCode) {
    super(code);
    this.problem = problem(code, code);
  }
}

interface Row extends Node {
  /** The node whose trashing took this one along. */
  readonly trashedWith: NodeId | null;
}

export type FilePut = FileDraft & { readonly contentId: ContentId };

interface Tree {
  readonly nodes: Map<NodeId, Row>;
  /** Live nodes by folder and folded name. */
  readonly slots: Map<string, NodeId>;
  readonly nonces: Map<number, string>;
  /** What each node shows and has shown. */
  readonly versions: Map<NodeId, Set<ContentId>>;
  readonly contents: Map<ContentId, Uint8Array>;
  seq: number;
}

/** Rows in a page of the feed: few, so that pages end in the middle of things. */
const PAGE = 5;

const slotOf = (parentId: NodeId | null, name: string): string => `${parentId ?? ''}/${nameKey(name)}`;

/**
 * What the server promises, in memory: one user's tree with its sequence numbers, base checks, trash, versions and feed.
 * Follows server/tree and server/feed rule by rule, and knows nothing of how they keep their promises.
 */
export class ModelServer {
  readonly #chance: Chance;
  #tree: Tree = {
    nodes: new Map(),
    slots: new Map(),
    nonces: new Map(),
    versions: new Map(),
    contents: new Map(),
    seq: 0,
  };
  /** Begins every nonce until the server is put back. */
  #run: string;
  /** No room for more bytes. */
  full = false;
  /** Told after every change of the tree. */
  onChange: (() => void) | null = null;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#run = chance.hex(RUN_DIGITS);
  }

  get seq(): number {
    return this.#tree.seq;
  }

  /** Everything there is, live, trashed and purged. */
  get nodes(): Iterable<Node> {
    return this.#tree.nodes.values();
  }

  /** Live children of a folder. */
  *children(parentId: NodeId | null): Generator<Node> {
    for (const node of this.#tree.nodes.values()) if (node.state === 'live' && node.parentId === parentId) yield node;
  }

  /** Everything that any version of any file holds. */
  get contents(): Iterable<Uint8Array> {
    return this.#tree.contents.values();
  }

  bytesOf(contentId: ContentId): Uint8Array | undefined {
    return this.#tree.contents.get(contentId);
  }

  /** A copy of everything, as a backup has it. */
  backup(): Tree {
    const { nodes, slots, nonces, versions, contents, seq } = this.#tree;
    return {
      nodes: new Map(nodes),
      slots: new Map(slots),
      nonces: new Map(nonces),
      versions: new Map([...versions].map(([id, those]) => [id, new Set(those)])),
      contents: new Map(contents),
      seq,
    };
  }

  restoreFrom(backup: Tree): void {
    this.#tree = backup;
    this.#tree = this.backup();
    this.#run = this.#chance.hex(RUN_DIGITS);
    this.onChange?.();
  }

  changes(cursor: Cursor): ChangesPage {
    const since = this.#seqOf(cursor);
    const newer = [...this.#tree.nodes.values()].filter(({ seq }) => seq > since).sort((a, b) => a.seq - b.seq);
    const page = newer.slice(0, PAGE);
    const last = page.at(-1);
    return {
      nodes: page,
      cursor: last ? `${last.seq}.${this.#tree.nonces.get(last.seq) ?? ''}` : cursor,
      caughtUp: page.length === newer.length,
    };
  }

  /** Throws for a device that follows a history which was taken back. */
  checkHistory(cursor: Cursor): void {
    this.#seqOf(cursor);
  }

  sharedHistory(checkpoints: readonly Cursor[]): SharedHistory {
    const given = checkpoints.filter((cursor) => cursor !== '0');
    const runs = new Set(given.map(runOf).filter((run) => run !== this.#run));
    let baseSeq = 0;
    for (const [seq, nonce] of this.#tree.nonces) {
      if (given.includes(`${seq}.${nonce}`) || runs.has(nonce.slice(0, RUN_DIGITS))) baseSeq = Math.max(baseSeq, seq);
    }
    return { baseSeq };
  }

  node(id: NodeId): Node {
    const row = this.#tree.nodes.get(id);
    if (!row || row.state === 'purged') throw new Refused('not-found');
    return row;
  }

  operations(operations: readonly Operation[]): OperationResult[] {
    const results = operations.map((operation) => this.attempt(() => this.#perform(operation)));
    this.onChange?.();
    return results;
  }

  attempt(work: () => readonly Node[]): OperationResult {
    try {
      return { ok: true, nodes: [...work()] };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { ok: false, problem: error.problem };
    }
  }

  packUpload(pack: Uint8Array): OperationResult[] {
    const results: OperationResult[] = [];
    for (let at = 0; at < pack.length; ) {
      const frame = readFrame(pack, at, (json) => json as PackedFile);
      if (!frame) throw new Refused('malformed');
      const bytes = pack.slice(frame.start, frame.end);
      at = frame.end;
      results.push(this.attempt(() => [this.put(frame.header, bytes)]));
    }
    this.onChange?.();
    return results;
  }

  packDownload(files: readonly { nodeId: NodeId; contentId: ContentId }[]): Uint8Array[] {
    return files.flatMap(({ nodeId, contentId }) => {
      const bytes = this.#version(nodeId, contentId);
      const header: PackedDownload = bytes
        ? { nodeId, contentId, size: bytes.length }
        : { nodeId, contentId, size: 0, problem: problem('not-found', 'not-found') };
      return bytes ? [frameHead(header), bytes] : [frameHead(header)];
    });
  }

  content(nodeId: NodeId, contentId: ContentId): Uint8Array {
    const bytes = this.#version(nodeId, contentId);
    if (!bytes) throw new Refused('not-found');
    return bytes;
  }

  chunks(nodeId: NodeId, contentId: ContentId): ChunkList {
    const bytes = this.content(nodeId, contentId);
    return { contentId, size: bytes.length, chunks: contentOf(bytes).chunks.map(([hash, length]) => [hash, length]) };
  }

  /** Throws what putting this would be refused for. */
  check(put: FilePut): void {
    this.#placeFor(put);
  }

  put(put: FilePut, bytes: Uint8Array): Node {
    if (contentOf(bytes).contentId !== put.contentId) throw new Refused('hash-mismatch');
    const { row, place } = this.#placeFor(put);
    if (!place) {
      if (!row) throw new Error('a put without a row and without a place');
      return row;
    }
    const executable = put.executable ?? row?.executable ?? false;
    const sameContent = row?.contentId === put.contentId;
    if (row?.state === 'live' && sameContent && row.mtimeMs === put.mtimeMs && row.executable === executable)
      return row;
    if (this.full && put.size > (row?.state === 'live' ? row.size : 0)) throw new Refused('quota-exceeded');
    const seq = this.#next();
    const reborn = row?.state !== 'live';
    const metadataDiffers = row?.mtimeMs !== put.mtimeMs || row?.executable !== executable;
    return this.#keep(
      {
        id: put.nodeId,
        kind: 'file',
        state: 'live',
        parentId: place.parentId,
        name: place.name,
        contentId: put.contentId,
        size: put.size,
        mtimeMs: put.mtimeMs,
        executable,
        contentRev: row && sameContent ? row.contentRev : seq,
        placeRev: row && !reborn ? row.placeRev : seq,
        metaRev: row && !metadataDiffers ? row.metaRev : seq,
        seq,
        trashedWith: null,
      },
      bytes,
    );
  }

  /** Where a put would go; without a place it has been done already. Throws what it is refused for. */
  #placeFor(put: FilePut): { row: Row | undefined; place: { parentId: NodeId | null; name: string } | undefined } {
    const found = this.#tree.nodes.get(put.nodeId);
    const row = found?.state === 'purged' ? undefined : found;
    if (!row) return { row, place: this.#freePlace(put.nodeId, put) };
    if (row.kind === 'folder') throw new Refused('base-changed');
    if (row.contentRev !== put.baseContentRev) {
      if (row.state === 'live' && row.contentId === put.contentId) return { row, place: undefined };
      throw new Refused('base-changed');
    }
    return { row, place: row.state === 'live' ? row : this.#freePlace(put.nodeId, put) };
  }

  #perform(operation: Operation): readonly Node[] {
    switch (operation.type) {
      case 'createFolder':
        return [this.#createFolder(operation)];
      case 'move':
        return this.#move(operation.moves);
      case 'setMetadata':
        return [this.#setMetadata(operation)];
      case 'setLibrary':
        return [this.#setLibrary(operation)];
      case 'trash':
        return [this.#trash(operation)];
      case 'restore':
        throw new Error('devices do not restore');
    }
  }

  #createFolder(wanted: Extract<Operation, { type: 'createFolder' }>): Node {
    const found = this.#tree.nodes.get(wanted.id);
    if (found && found.state !== 'purged' && found.kind === 'file') throw new Refused('base-changed');
    if (found?.state === 'live') return found;
    const place = this.#freePlace(wanted.id, wanted);
    const seq = this.#next();
    const before = found?.state === 'trashed' ? found : undefined;
    return this.#keep({
      id: wanted.id,
      kind: 'folder',
      state: 'live',
      ...place,
      contentId: null,
      size: 0,
      mtimeMs: wanted.mtimeMs,
      executable: false,
      contentRev: before?.contentRev ?? seq,
      placeRev: seq,
      metaRev: before?.mtimeMs === wanted.mtimeMs ? before.metaRev : seq,
      seq,
      trashedWith: null,
    });
  }

  #move(moves: Extract<Operation, { type: 'move' }>['moves']): readonly Node[] {
    const { nodes, slots } = this.#tree;
    const wanted = new Map(moves.map((each) => [each.id, { ...each, name: this.#accepted(each.name) }]));
    const moving: { row: Row; parentId: NodeId | null; name: string }[] = [];
    for (const { id, parentId, name, placeRev } of wanted.values()) {
      const row = nodes.get(id);
      if (!row || row.state === 'purged') throw new Refused('not-found');
      if (row.state === 'live' && row.parentId === parentId && row.name === name) continue;
      if (row.state !== 'live' || row.placeRev !== placeRev) throw new Refused('base-changed');
      moving.push({ row, parentId, name });
    }
    if (moving.some(({ parentId }) => !this.#isFolder(parentId))) throw new Refused('parent-missing');
    const ids = new Set(moving.map(({ row }) => row.id));
    const taken = new Set<string>();
    for (const { parentId, name } of moving) {
      const slot = slotOf(parentId, name);
      const holder = slots.get(slot);
      if (taken.has(slot) || (holder !== undefined && !ids.has(holder))) throw new Refused('name-taken');
      taken.add(slot);
    }
    const parents = new Map(moving.map(({ row, parentId }) => [row.id, parentId]));
    if (moving.some(({ row }) => this.#loops(row.id, parents))) throw new Refused('would-loop');
    for (const { row } of moving) slots.delete(slotOf(row.parentId, row.name));
    for (const { row, parentId, name } of moving) {
      const seq = this.#next();
      this.#keep({ ...row, parentId, name, placeRev: seq, seq });
    }
    return [...wanted.keys()].flatMap((id) => nodes.get(id) ?? []);
  }

  #loops(start: NodeId, parents: ReadonlyMap<NodeId, NodeId | null>): boolean {
    const seen = new Set<NodeId>();
    for (let at: NodeId | null = start; at !== null; ) {
      if (seen.has(at)) return true;
      seen.add(at);
      at = (parents.has(at) ? parents.get(at) : this.#tree.nodes.get(at)?.parentId) ?? null;
    }
    return false;
  }

  #setMetadata({ id, mtimeMs, executable }: Extract<Operation, { type: 'setMetadata' }>): Node {
    const row = this.#tree.nodes.get(id);
    if (!row || row.state === 'purged') throw new Refused('not-found');
    const wanted = { mtimeMs: mtimeMs ?? row.mtimeMs, executable: executable ?? row.executable };
    if (row.mtimeMs === wanted.mtimeMs && row.executable === wanted.executable) return row;
    const seq = this.#next();
    return this.#keep({ ...row, ...wanted, metaRev: seq, seq });
  }

  #setLibrary(wanted: Extract<Operation, { type: 'setLibrary' }>): Node {
    const row = this.#tree.nodes.get(wanted.id);
    if (!row || row.state === 'purged') throw new Refused('not-found');
    const library = libraryAfter(row.library ?? {}, wanted);
    if (JSON.stringify(library) === JSON.stringify(row.library ?? {})) return row;
    const seq = this.#next();
    return this.#keep({ ...row, library, metaRev: seq, seq });
  }

  #trash(wanted: Extract<Operation, { type: 'trash' }>): Node {
    const row = this.#tree.nodes.get(wanted.id);
    if (!row) throw new Refused('not-found');
    if (row.state !== 'live') return row;
    if (row.placeRev !== wanted.placeRev) throw new Refused('base-changed');
    if (row.kind === 'file' && row.contentRev !== wanted.contentRev) throw new Refused('base-changed');
    const inside = [...this.#inside(row.id)];
    if (inside.some(({ seq }) => seq > wanted.seenSeq)) throw new Refused('changed-inside');
    for (const each of [row, ...inside]) {
      const seq = this.#next();
      this.#tree.slots.delete(slotOf(each.parentId, each.name));
      this.#keep({
        ...each,
        state: 'trashed',
        placeRev: seq,
        seq,
        trashedWith: row.id,
        ...(wanted.confirmed && { confirmed: true }),
      });
    }
    return this.node(row.id);
  }

  *#inside(id: NodeId): Generator<Row> {
    for (const node of this.#tree.nodes.values()) {
      if (node.state !== 'live' || node.parentId !== id) continue;
      yield node;
      yield* this.#inside(node.id);
    }
  }

  #freePlace(id: NodeId, { parentId, name }: { parentId: NodeId | null; name: string }) {
    const accepted = this.#accepted(name);
    if (!this.#isFolder(parentId)) throw new Refused('parent-missing');
    const holder = this.#tree.slots.get(slotOf(parentId, accepted));
    if (holder !== undefined && holder !== id) throw new Refused('name-taken');
    return { parentId, name: accepted };
  }

  #isFolder(id: NodeId | null): boolean {
    if (id === null) return true;
    const row = this.#tree.nodes.get(id);
    return row?.state === 'live' && row.kind === 'folder';
  }

  #accepted(name: string): string {
    if (nameFault(name)) throw new Refused('name-refused');
    return wireName(name);
  }

  #next(): number {
    this.#tree.seq += 1;
    this.#tree.nonces.set(this.#tree.seq, this.#run + this.#chance.hex(8));
    return this.#tree.seq;
  }

  #keep(row: Row, bytes?: Uint8Array): Node {
    const { nodes, slots, versions, contents } = this.#tree;
    const { confirmed, ...rest } = row;
    const kept = row.state === 'trashed' && confirmed ? row : rest;
    nodes.set(row.id, kept);
    if (row.state === 'live') slots.set(slotOf(row.parentId, row.name), row.id);
    if (row.contentId !== null && bytes) {
      contents.set(row.contentId, bytes);
      versions.set(row.id, (versions.get(row.id) ?? new Set()).add(row.contentId));
    }
    return kept;
  }

  #version(nodeId: NodeId, contentId: ContentId): Uint8Array | undefined {
    return this.#tree.versions.get(nodeId)?.has(contentId) ? this.#tree.contents.get(contentId) : undefined;
  }

  #seqOf(cursor: Cursor): number {
    if (cursor === '0') return 0;
    const [seq = '', nonce = ''] = cursor.split('.');
    if (this.#tree.nonces.get(Number(seq)) !== nonce) throw new Refused('cursor-unknown');
    return Number(seq);
  }
}
