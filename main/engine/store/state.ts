import { join } from 'node:path';
import { z } from 'zod';
import { Cursor, seqOf } from '../../../shared/api/changes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { withCheckpoint } from '../history/checkpoints.ts';
import { type LocalNode, PARKED, type Place } from '../model.ts';
import { ChangeLog } from './changeLog.ts';
import { type CloudOnlyMarks, openCloudOnlyMarks } from './cloudOnlyMarks.ts';
import type { OpenedState, StateDatabase } from './database.ts';
import { LocalTree } from './localTree.ts';
import { type Moves, openMoves } from './moves.ts';
import { Past } from './past.ts';
import { RemoteTree } from './remoteTree.ts';
import { unsealed } from './seal.ts';
import { openSentChanges, type SentChanges } from './sentChanges.ts';
import { openSettings, type Settings } from './settings.ts';
import { SyncedTree } from './syncedTree.ts';
import { openUploads, type Uploads } from './uploads.ts';

/** Everything the engine remembers: the three trees, what changed in them, and a few values. */
export class State {
  readonly log = new ChangeLog();
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  readonly synced: SyncedTree;
  readonly past: Past;
  readonly settings: Settings;
  readonly uploads: Uploads;
  readonly sent: SentChanges;
  readonly moves: Moves;
  readonly cloudOnly: CloudOnlyMarks;
  readonly #opened: OpenedState;
  readonly #unsettled;

  constructor(opened: OpenedState) {
    this.#opened = opened;
    const { db } = opened;
    try {
      this.settings = openSettings(db, opened.seal ?? unsealed);
      this.past = new Past(db);
      this.local = new LocalTree(db, this.log);
      this.remote = new RemoteTree(db, this.log, seqOf(this.cursor));
      this.synced = new SyncedTree(db, this.log, this.past);
      this.uploads = openUploads(db);
      this.sent = openSentChanges(db);
      this.moves = openMoves(db);
      this.cloudOnly = openCloudOnlyMarks(db);
      this.#unsettled = db.prepare<[], string>(UNSETTLED).pluck();
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  /** For who only reads, and puts its own questions. */
  get database(): StateDatabase {
    return this.#opened.db;
  }

  /** All or nothing on disk; the change log is kept even when it fails, planning once too often does no harm. */
  transaction<T>(work: () => T): T {
    try {
      return this.#opened.db.transaction(work)();
    } catch (error) {
      this.#reload();
      throw error;
    }
  }

  /**
   * While the tree of a server that went back in time is read: the last sequence number that its history shares with
   * the one in which the nodes were agreed on. Otherwise undefined.
   */
  get rewindsTo(): number | undefined {
    const baseSeq = this.settings.get('baseSeq') ?? '';
    return baseSeq === '' ? undefined : Number(baseSeq);
  }

  /** Every node on which the three trees do not agree: what a start has to plan. */
  unsettled(): readonly NodeId[] {
    return this.#unsettled.all() as NodeId[];
  }

  /** How far the server's feed has been read. */
  get cursor(): Cursor {
    return this.settings.get('cursor') ?? '0';
  }

  set cursor(cursor: Cursor) {
    const checkpoints = JSON.stringify(withCheckpoint(this.checkpoints, cursor));
    this.settings.set({ cursor, checkpoints });
  }

  /** Cursors of the history followed so far, by seq. */
  get checkpoints(): readonly Cursor[] {
    return z.array(Cursor).parse(JSON.parse(this.settings.get('checkpoints') ?? '[]'));
  }

  /** Forgets that both sides agreed on this node, and on everything below it: each side's version counts as new. */
  forgetAgreement(id: NodeId): void {
    for (const child of this.synced.children(id)) this.forgetAgreement(child.id);
    this.synced.remove(id);
  }

  /**
   * Where a place lies below the root, as the disk spells it: names from the top down. undefined: a folder above is not
   * on the disk any more, which may happen at any moment.
   */
  diskPath(place: Place, diskName: string = place.name): readonly string[] | undefined {
    if (place.parentId === null) return [diskName];
    const parent = this.local.get(place.parentId);
    const above = parent && this.diskPathOf(parent);
    return above && [...above, diskName];
  }

  /** A parked node's disk name is its whole path; what is in a parked folder lies there with it. */
  diskPathOf(node: LocalNode): readonly string[] | undefined {
    return node.parentId === PARKED ? node.diskName.split('/') : this.diskPath(node, node.diskName);
  }

  /** A node's path as a person reads it, from whichever tree knows it. */
  shownPath(id: NodeId): string {
    const names: string[] = [];
    for (let at: NodeId | null = id; at !== null; ) {
      const node: Place | undefined = this.local.get(at) ?? this.remote.get(at) ?? this.synced.get(at);
      if (!node || node.parentId === PARKED) break;
      names.unshift(node.name);
      at = node.parentId;
    }
    return join(...names, '.').replace(/^\.$/, '');
  }

  #reload(): void {
    for (const part of [this.local, this.synced, this.sent]) part.reload();
    this.remote.reload(seqOf(this.cursor));
  }

  close(): void {
    this.#opened.close();
  }
}

const UNSETTLED = `
SELECT l.id FROM local l LEFT JOIN synced s ON s.id = l.id LEFT JOIN remote r ON r.id = l.id AND r.state = 'live'
WHERE s.id IS NULL OR r.id IS NULL OR l.missing_since IS NOT NULL
  OR l.parent_id <> s.parent_id OR l.name <> s.name OR r.parent_id <> s.parent_id OR r.name <> s.name
  OR l.content_id IS NOT s.content_id OR r.content_id IS NOT s.content_id
  OR (l.kind = 'file' AND (l.mtime_ns / 1000000 <> s.mtime_ms OR l.executable <> s.executable))
  OR r.mtime_ms <> s.mtime_ms OR r.executable <> s.executable
  OR r.content_rev <> s.content_rev OR r.place_rev <> s.place_rev
UNION
SELECT r.id FROM remote r LEFT JOIN local l ON l.id = r.id WHERE l.id IS NULL
UNION
SELECT s.id FROM synced s LEFT JOIN local l ON l.id = s.id WHERE l.id IS NULL
`;
