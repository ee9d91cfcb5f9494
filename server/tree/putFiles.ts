import type { FileDraft, OperationResult } from '../../shared/api/nodes.ts';
import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import { insertRows } from '../db/insertRows.ts';
import type { Db, NodeRow, VersionRow } from '../db/schema.ts';
import { quotaExceeded, type Room, roomOf, take } from '../quota/room.ts';
import { Refusal } from '../refusal.ts';
import { UNSAID } from './library.ts';
import { holders, liveFolders, nodesById, slotOf } from './neighbours.ts';
import { acceptedName, baseChanged, NODE_COLUMNS, named, nameTaken, nodeOf, parentMissing } from './node.ts';
import { recordChanges, takeSeqs } from './sequence.ts';

export type FilePut = FileDraft & { readonly contentId: ContentId };

/** What the rules made of a batch of files, not written yet. */
export interface PutPlan {
  /** One for each file, in order; seqs are counted from 1 until the plan is written. */
  readonly outcomes: readonly (NodeRow | Refusal)[];
  /** Contents that nodes of this plan newly show. */
  readonly contents: ReadonlySet<ContentId>;
  readonly changed: readonly NodeId[];
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  readonly versions: readonly VersionRow[];
}

/**
 * Decides a batch of files against the tree as it is, one after the other: each sees what the earlier ones would do.
 * Reads a constant number of times, however many files. A refused file has no effect on its neighbours.
 */
export async function planFiles(db: Db, userId: UserId, puts: readonly FilePut[], now: number): Promise<PutPlan> {
  const batch = await Batch.read(db, userId, puts, now);
  const outcomes = puts.map((put) => {
    try {
      return batch.put(put);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  return { outcomes, contents: batch.contents, changed: batch.changed, rows: batch.rows, versions: batch.versions };
}

/** Writes a plan made in the same transaction. The contents must be known as objects. */
export async function writeFiles(trx: Db, userId: UserId, plan: PutPlan): Promise<OperationResult[]> {
  if (plan.changed.length > 0) {
    const before = (await takeSeqs(trx, userId, plan.changed.length)) - 1;
    const final = (seq: number): number => (seq < 0 ? before - seq : seq);
    const numbered = new Map(
      [...plan.rows.values()].map((row) => [
        row.id,
        {
          ...row,
          seq: final(row.seq),
          content_rev: final(row.content_rev),
          place_rev: final(row.place_rev),
          meta_rev: final(row.meta_rev),
        },
      ]),
    );
    const versions = plan.versions.map((version) => ({ ...version, content_rev: final(version.content_rev) }));
    await insertRows(trx, 'nodes', NODE_COLUMNS, [...numbered.values()], UPSERT);
    await insertRows(trx, 'versions', VERSION_COLUMNS, versions);
    await recordChanges(trx, userId, before + 1, plan.changed);
    return plan.outcomes.map((outcome) => resultOf(outcome, numbered));
  }
  return plan.outcomes.map((outcome) => resultOf(outcome, plan.rows));
}

function resultOf(outcome: NodeRow | Refusal, rows: ReadonlyMap<NodeId, NodeRow>): OperationResult {
  if (outcome instanceof Refusal) return { ok: false, problem: outcome.problem };
  return { ok: true, nodes: [nodeOf(rows.get(outcome.id) ?? outcome)] };
}

const UPSERT = `on conflict (user_id, id) do update set ${NODE_COLUMNS.filter((c) => c !== 'user_id' && c !== 'id')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}`;
const VERSION_COLUMNS = [
  'user_id',
  'node_id',
  'content_rev',
  'content_id',
  'size',
  'mtime_ms',
  'content_at',
  'replaced_at',
] as const satisfies readonly (keyof VersionRow)[];

/** The tree around a batch, and what the batch has done to it so far. New seqs are -1, -2, … until they are known. */
class Batch {
  readonly rows = new Map<NodeId, NodeRow>();
  readonly changed: NodeId[] = [];
  readonly versions: VersionRow[] = [];
  readonly contents = new Set<ContentId>();

  readonly #userId: UserId;
  readonly #now: number;
  readonly #known: Map<NodeId, NodeRow>;
  readonly #folders: Set<NodeId>;
  readonly #holders: Map<string, NodeId>;
  readonly #room: Room;

  static async read(db: Db, userId: UserId, puts: readonly FilePut[], now: number): Promise<Batch> {
    const known = await nodesById(
      db,
      userId,
      puts.map((put) => put.nodeId),
    );
    const parents = puts.flatMap((put) => (put.parentId === null ? [] : [put.parentId]));
    const folders = await liveFolders(db, userId, parents);
    const taken = await holders(db, userId, puts);
    return new Batch(userId, now, known, folders, taken, await roomOf(db, userId));
  }

  private constructor(
    userId: UserId,
    now: number,
    known: Map<NodeId, NodeRow>,
    folders: Set<NodeId>,
    taken: Map<string, NodeId>,
    room: Room,
  ) {
    this.#userId = userId;
    this.#now = now;
    this.#known = known;
    this.#folders = folders;
    this.#holders = taken;
    this.#room = room;
  }

  put(put: FilePut): NodeRow {
    const row = this.rows.get(put.nodeId) ?? this.#known.get(put.nodeId);
    if (!row || row.state === 'purged') return this.#create(put);
    if (row.kind === 'folder') throw baseChanged(`"${row.name}"`);
    if (row.state === 'live' && row.content_rev !== put.baseContentRev && row.content_id === put.contentId) return row;
    if (row.content_rev !== put.baseContentRev) throw baseChanged(`"${row.name}"`);
    return row.state === 'live' ? this.#replace(row, put) : this.#revive(row, put);
  }

  #create(put: FilePut): NodeRow {
    const place = this.#freePlace(put);
    this.#takeRoom(put.size);
    const seq = this.#nextSeq();
    return this.#keep({
      ...this.#contentOf(put),
      ...place,
      ...LIVE,
      ...UNSAID,
      user_id: this.#userId,
      id: put.nodeId,
      kind: 'file',
      content_rev: seq,
      place_rev: seq,
      meta_rev: seq,
      seq,
    });
  }

  #replace(row: NodeRow, put: FilePut): NodeRow {
    if (row.content_id === put.contentId && !metadataDiffers(row, put)) return row;
    this.#takeRoom(put.size - row.size);
    return this.#keep(this.#withContent(row, put, this.#nextSeq()));
  }

  #revive(row: NodeRow, put: FilePut): NodeRow {
    const place = this.#freePlace(put);
    this.#takeRoom(put.size);
    const seq = this.#nextSeq();
    return this.#keep({ ...this.#withContent(row, put, seq), ...place, ...LIVE, place_rev: seq });
  }

  /** New content makes the old one a version; the same content moves at most the metadata. */
  #withContent(row: NodeRow, put: FilePut, seq: number): NodeRow {
    const meta_rev = metadataDiffers(row, put) ? seq : row.meta_rev;
    if (row.content_id === put.contentId) {
      return { ...row, mtime_ms: put.mtimeMs, executable: executableOf(put, row), meta_rev, seq };
    }
    if (row.content_id !== null) {
      this.versions.push({
        user_id: this.#userId,
        node_id: row.id,
        content_rev: row.content_rev,
        content_id: row.content_id,
        size: row.size,
        mtime_ms: row.mtime_ms,
        content_at: row.content_at,
        replaced_at: this.#now,
      });
    }
    return { ...row, ...this.#contentOf(put, row), content_rev: seq, meta_rev, seq };
  }

  #contentOf(put: FilePut, row?: NodeRow) {
    this.contents.add(put.contentId);
    return {
      content_id: put.contentId,
      size: put.size,
      mtime_ms: put.mtimeMs,
      executable: executableOf(put, row),
      content_at: this.#now,
    };
  }

  #freePlace(put: FilePut) {
    const name = acceptedName(put.name);
    if (put.parentId !== null && !this.#folders.has(put.parentId)) throw parentMissing();
    const holder = this.#holders.get(slotOf(put.parentId, name));
    if (holder !== undefined && holder !== put.nodeId) throw nameTaken(name);
    return { parent_id: put.parentId, ...named('file', name) };
  }

  #takeRoom(bytes: number): void {
    if (!take(this.#room, bytes)) throw quotaExceeded(this.#room, bytes);
  }

  #nextSeq(): number {
    return -(this.changed.length + 1);
  }

  #keep(row: NodeRow): NodeRow {
    this.rows.set(row.id, row);
    this.changed.push(row.id);
    this.#holders.set(slotOf(row.parent_id, row.name), row.id);
    return row;
  }
}

const LIVE = { state: 'live', confirmed: 0, trashed_with: null, trashed_at: null } as const;

const metadataDiffers = (row: NodeRow, put: FilePut): boolean =>
  row.mtime_ms !== put.mtimeMs || row.executable !== executableOf(put, row);

const executableOf = (put: FilePut, row?: NodeRow): number =>
  put.executable === null ? (row?.executable ?? 0) : Number(put.executable);
