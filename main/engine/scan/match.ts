import type { NodeId } from '../../../shared/ids.ts';
import { type DiskStat, type LocalNode, renamed } from '../model.ts';
import type { Random } from '../ports.ts';
import { keyOfEntry, keyOfRow, rowOfKind, twinKey, type View, viewOf } from './folderView.ts';
import { sameBytes, sameIdentity, sameRecord } from './identity.ts';
import type { KnownLocal, LocalChange } from './known.ts';
import type { Entry, Ignored } from './list.ts';
import type { Observation } from './ownWrites.ts';

/** Everything that was seen in one folder. */
export interface Look {
  readonly folderId: NodeId | null;
  readonly entries: readonly Entry[];
  /** Wire names at which something lies that cannot be judged now: what is known there stays as it is. */
  readonly held: readonly string[];
}

/** What lies at one place outside the listed folders: an entry, nothing, or something that cannot be judged. */
export type Answer = Entry | 'absent' | 'held';

/** A folder that was seen, and which node it is: for whoever descends into it. */
export interface SeenFolder {
  readonly id: NodeId;
  readonly parentId: NodeId | null;
  readonly diskName: string;
  readonly arrival: 'known' | 'moved' | 'new';
}

export interface Matched {
  readonly changes: readonly LocalChange[];
  readonly folders: readonly SeenFolder[];
  readonly ignored: readonly (Ignored & { readonly folderId: NodeId | null })[];
  /** Folders in which the engine itself wrote meanwhile: what lies at those places was not judged. */
  readonly disturbed: readonly (NodeId | null)[];
}

export interface MatchOptions {
  /** Unix ms. */
  readonly now: number;
  readonly random: Random;
  /** false: the disk has no executable bit, so what is known of it stays. */
  readonly executableBit: boolean;
  /** What is known to be there was found worth syncing by the very patterns that hold now: only what is new is asked about. */
  readonly judged: boolean;
}

interface Claim {
  readonly entry: Entry;
  readonly view: View;
  /** The node whose identity the entry carries, known at another place. */
  readonly node: LocalNode;
}

/**
 * Finds out which node each entry is. The path wins, unless the entry there carries the identity of another synced node;
 * then identity decides for both. No I/O: when it depends on a place that was not looked at, `questions` names the node
 * that was there, and `answer` tells what lies there now.
 */
export class Matching {
  readonly #known: KnownLocal;
  readonly #views = new Map<NodeId | null, View>();
  readonly #claims = new Map<Entry, Claim>();
  readonly #claimants = new Map<NodeId, Claim>();
  readonly #answered = new Set<NodeId>();
  readonly #disturbed = new Set<NodeId | null>();
  readonly #own: Pick<Observation, 'touched'>;
  #unread: Claim[] = [];
  #judged = false;

  constructor(known: KnownLocal, looks: readonly Look[], own: Pick<Observation, 'touched'>) {
    this.#known = known;
    this.#own = own;
    for (const look of looks) {
      const view = this.#open(look.folderId, true);
      for (const name of look.held) view.held.add(name);
      for (const entry of look.entries) this.#see(view, entry);
    }
    for (const view of this.#views.values()) for (const entry of view.entries.values()) this.#claim(view, entry);
  }

  /** Nodes whose old place decides about a claim and was not looked at; empty when everything is known. */
  questions(): readonly LocalNode[] {
    const asked = new Map<NodeId, LocalNode>();
    for (const { node } of this.#unread) {
      if (this.#answered.has(node.id)) continue;
      const view = this.#views.get(node.parentId);
      const key = view === undefined ? node.name : keyOfRow(view, node);
      const there = view?.entries.get(key);
      const seen = view !== undefined && (view.complete || there !== undefined || view.absent.has(key));
      // Seen at both places: it moved while the folders were listed one after the other.
      const doubtful = there !== undefined && sameIdentity(there.stat, node.stat);
      if (!seen || doubtful) asked.set(node.id, node);
    }
    this.#unread = [];
    return [...asked.values()];
  }

  answer(node: LocalNode, answer: Answer): void {
    this.#answered.add(node.id);
    const view = this.#views.get(node.parentId) ?? this.#open(node.parentId, false);
    const key = keyOfRow(view, node);
    const before = view.entries.get(key);
    if (answer === 'held') {
      view.held.add(node.name);
    } else if (answer === 'absent') {
      if (before) this.#forget(view, before);
      view.absent.add(key);
    } else if (before === undefined && !view.held.has(node.name) && !this.#isOurs(view, node.name)) {
      const entry = key === node.name ? answer : { ...answer, isTwin: true };
      view.entries.set(key, entry);
      this.#claim(view, entry);
    }
  }

  /** The changes of the local tree. To be asked once, when no questions are left. */
  settle(options: MatchOptions): Matched {
    this.#judged = options.judged;
    for (const view of this.#views.values()) {
      for (const entry of [...view.entries.values()]) if (this.#isOurs(view, entry.name)) this.#forget(view, entry);
    }
    this.#dropImpossibleClaims();
    const changes: LocalChange[] = [];
    const folders: SeenFolder[] = [];
    const ignored: (Ignored & { readonly folderId: NodeId | null })[] = [];
    const present = new Set<NodeId>();
    for (const view of this.#views.values()) {
      for (const entry of view.entries.values()) {
        const claimed = this.#claims.get(entry)?.node;
        if (claimed === undefined && !this.#counts(view, entry)) {
          ignored.push({ folderId: view.folderId, name: entry.diskName, why: entry.ignored() ?? '' });
          // It was about to be sent when a pattern took it out.
          const before = rowOfKind(view, entry);
          if (before && !this.#claimants.has(before.id)) {
            changes.push({ type: 'remove', id: before.id });
            present.add(before.id);
          }
          continue;
        }
        const before = claimed ?? rowOfKind(view, entry);
        const node = nodeOf(entry, view.folderId, before, options);
        present.add(node.id);
        if (before === undefined || !isUnchanged(before, node)) changes.push({ type: 'put', node });
        if (node.kind === 'folder') {
          const arrival = claimed ? 'moved' : before ? 'known' : 'new';
          folders.push({ id: node.id, parentId: view.folderId, diskName: entry.diskName, arrival });
        }
      }
    }
    for (const node of this.#gone(present)) changes.push({ type: 'put', node: { ...node, missingSince: options.now } });
    return { changes, folders, ignored, disturbed: [...this.#disturbed] };
  }

  #open(folderId: NodeId | null, complete: boolean): View {
    const view = viewOf(folderId, this.#known.children(folderId), complete);
    this.#views.set(folderId, view);
    return view;
  }

  /**
   * Two names on disk can be one in wire form: the one known before goes by it, else the one in wire form. The other is
   * a node as well, which the planner then gives another name.
   */
  #see(view: View, entry: Entry): void {
    if (view.held.has(entry.name) || this.#isOurs(view, entry.name)) return;
    if (view.rows.has(twinKey(entry.diskName))) {
      view.entries.set(twinKey(entry.diskName), { ...entry, isTwin: true });
      return;
    }
    const twin = view.entries.get(entry.name);
    if (twin === undefined) {
      view.entries.set(entry.name, entry);
      return;
    }
    const wanted = view.rows.get(entry.name)?.diskName ?? entry.name;
    const entryFirst = entry.diskName === wanted || (twin.diskName !== wanted && entry.diskName < twin.diskName);
    const [first, second] = entryFirst ? [entry, twin] : [twin, entry];
    view.entries.set(entry.name, first);
    view.entries.set(twinKey(second.diskName), { ...second, isTwin: true });
  }

  /** An operation of our own is under way there, or was since the look: its result is recorded by whoever runs it. */
  #isOurs(view: View, name: string): boolean {
    if (!this.#own.touched(view.folderId, name)) return false;
    this.#disturbed.add(view.folderId);
    return true;
  }

  #claim(view: View, entry: Entry): void {
    const row = view.rows.get(keyOfEntry(entry));
    if (row !== undefined && sameIdentity(row.stat, entry.stat)) return;
    if (entry.stat.ino === 0n || (entry.stat.kind === 'file' && entry.stat.links !== 1)) return;
    // At a place that a node of this kind holds, only a synced node can push it aside: a temporary file renamed over a
    // document is the document. Names that are ignored are nobody's but a synced node's either.
    const mustBeSynced = row?.kind === entry.stat.kind || entry.ignored() !== null;
    const nodes = this.#known
      .byIdentity(entry.stat.dev, entry.stat.ino)
      .filter((node) => sameIdentity(node.stat, entry.stat) && !this.#claimants.has(node.id));
    const synced = nodes.filter((node) => this.#known.isSynced(node.id));
    const [node, another] = synced.length > 0 ? synced : mustBeSynced ? [] : nodes;
    if (node === undefined || another !== undefined) return;
    const claim = { entry, view, node };
    this.#claims.set(entry, claim);
    this.#claimants.set(node.id, claim);
    this.#unread.push(claim);
  }

  #forget(view: View, entry: Entry): void {
    view.entries.delete(keyOfEntry(entry));
    const claim = this.#claims.get(entry);
    if (claim) this.#drop(claim);
  }

  #drop(claim: Claim): void {
    this.#claims.delete(claim.entry);
    this.#claimants.delete(claim.node.id);
  }

  /**
   * A node can only have moved away from a place that is free of it. One dropped claim can leave a place taken that
   * another claim needs free, so this goes on until nothing changes; what is left holds together, cycles included.
   */
  #dropImpossibleClaims(): void {
    for (let dropped = true; dropped; ) {
      dropped = false;
      for (const claim of [...this.#claims.values()]) {
        if (this.#isUnderWay(claim) || this.#wouldLoop(claim)) this.#leaveForLater(claim);
        else if (this.#leftItsPlace(claim)) continue;
        else this.#drop(claim);
        dropped = true;
      }
    }
  }

  /** The engine itself is busy where the node was: whether it left there shows when that is recorded. */
  #isUnderWay({ node }: Claim): boolean {
    return this.#own.touched(node.parentId, node.name);
  }

  /**
   * Its own folder, or one above, was found inside it: two of them changed places while they were listed, so that one
   * was listed for the other.
   */
  #wouldLoop({ node, view }: Claim): boolean {
    for (let at = view.folderId; at !== null; ) {
      if (at === node.id) return true;
      const claim = this.#claimants.get(at);
      at = claim ? claim.view.folderId : (this.#known.get(at)?.parentId ?? null);
    }
    return false;
  }

  /** Neither the moved node nor a new one: this place is looked at once more. */
  #leaveForLater(claim: Claim): void {
    const { view, entry } = claim;
    this.#forget(view, entry);
    view.held.add(entry.name);
    this.#disturbed.add(view.folderId);
  }

  #leftItsPlace({ node, entry }: Claim): boolean {
    const view = this.#views.get(node.parentId);
    if (view === undefined) return false;
    // Another node has its place already: it was missing.
    const key = keyOfRow(view, node);
    if (view.rows.get(key)?.id !== node.id) return true;
    if (view.held.has(node.name) || this.#isOurs(view, node.name)) return false;
    const there = view.entries.get(key);
    if (there === undefined) return view.complete || view.absent.has(key);
    return there === entry || there.stat.kind !== node.kind || this.#claims.has(there) || !this.#counts(view, there);
  }

  /** Ignoring concerns what is not synced yet, here or elsewhere. */
  #counts(view: View, entry: Entry): boolean {
    const row = rowOfKind(view, entry);
    if (this.#judged && row?.missingSince === null) return true;
    if (entry.ignored() === null) return true;
    return (row !== undefined && this.#known.isSynced(row.id)) || this.#known.isWanted(view.folderId, entry.name);
  }

  *#gone(present: ReadonlySet<NodeId>): Iterable<LocalNode> {
    for (const view of this.#views.values()) {
      if (!view.complete) continue;
      for (const child of view.children) {
        if (child.missingSince !== null || present.has(child.id) || view.held.has(child.name)) continue;
        if (!this.#isOurs(view, child.name)) yield child;
      }
    }
  }
}

function nodeOf(
  entry: Entry,
  parentId: NodeId | null,
  before: LocalNode | undefined,
  { random, executableBit }: MatchOptions,
): LocalNode {
  const stat: DiskStat = executableBit ? entry.stat : { ...entry.stat, executable: before?.stat.executable ?? false };
  const node: LocalNode = {
    id: before?.id ?? random.nodeId(),
    kind: stat.kind,
    parentId,
    name: entry.name,
    diskName: entry.diskName,
    stat,
    contentId: null,
    missingSince: null,
  };
  return before !== undefined && sameBytes(asBefore(before, node), stat)
    ? { ...node, contentId: before.contentId }
    : node;
}

/** A move and a changed bit say why the inode changed: that alone is no reason to read a file once more. */
function asBefore(before: LocalNode, now: LocalNode): DiskStat {
  const isSame =
    before.missingSince === null && isSameName(before, now) && before.stat.executable === now.stat.executable;
  return isSame ? before.stat : renamed(before.stat);
}

const isSameName = (before: LocalNode, now: LocalNode): boolean =>
  before.parentId === now.parentId && before.name === now.name && before.diskName === now.diskName;

const isUnchanged = (before: LocalNode, now: LocalNode): boolean =>
  before.missingSince === null && isSameName(before, now) && sameRecord(before.stat, now.stat);
