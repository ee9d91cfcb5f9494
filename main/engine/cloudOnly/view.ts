import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { type LocalNode, PARKED, type Place, type RemoteNode, type SyncedNode } from '../model.ts';
import { movingName } from '../plan/conflictName.ts';
import { metadataOf, sameMetadata } from '../plan/metadata.ts';
import { samePlace } from '../plan/place.ts';
import { isLive, isThere, type Trees } from '../plan/trees.ts';

/** Whether a living node is, or lies in, a folder that this device leaves to the server. */
export function isInside(remote: Pick<Trees['remote'], 'get'>, marks: ReadonlySet<NodeId>, id: NodeId): boolean {
  if (marks.size === 0 || !isLive(remote.get(id))) return false;
  // While a page of the feed is read, folders can be in each other for a moment.
  const seen = new Set<NodeId>();
  for (let at: NodeId | null = id; at !== null && !seen.has(at); at = remote.get(at)?.parentId ?? null) {
    if (marks.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/**
 * The three trees as the planner may see them on a device that leaves some folders to the server, for the time of one
 * plan. Nothing is hidden: a planner that saw less would take names that are taken, and delete folders for being empty.
 *
 * - What is not on this disk counts as there and agreed on, so nothing is to be done about it.
 * - What is on the disk, but was moved on the server to where this disk has no folder, counts as moved here as well: it
 *   will leave the disk from where it is. Its name there is taken until then.
 * - A file among those that has yet to be sent counts as not moved until it has been: it can have a conflict, and conflicts
 *   are solved where the file is.
 */
export class CloudOnlyView {
  readonly trees: Trees;
  readonly #raw: Trees;
  readonly #marks: ReadonlySet<NodeId>;
  readonly #inside = new Map<NodeId, boolean>();
  readonly #leaving = new Map<NodeId, boolean>();

  constructor(raw: Trees, marks: ReadonlySet<NodeId>) {
    this.#raw = raw;
    this.#marks = marks;
    this.trees = marks.size === 0 ? raw : this.#present(raw);
  }

  isInside(id: NodeId): boolean {
    return remembered(this.#inside, id, () => isInside(this.#raw.remote, this.#marks, id));
  }

  /** On the server alone, as wanted. */
  isConcealed(id: NodeId): boolean {
    return this.#raw.local.get(id) === undefined && this.isInside(id);
  }

  /** On this disk, and safe to be taken from it. */
  isLeaving(id: NodeId): boolean {
    return remembered(this.#leaving, id, () => this.isInside(id) && this.#isSafe(id));
  }

  #isSafe(id: NodeId): boolean {
    const { local, remote } = this.#raw;
    const here = local.get(id);
    const there = remote.get(id);
    if (!isThere(here) || !there || here.kind !== there.kind) return false;
    if (!samePlace(here, there) && !this.#isAway(id, there)) return false;
    if (here.kind === 'folder') return local.children(id).every((child) => this.isLeaving(child.id));
    const isSent = here.contentId !== null && here.contentId === there.contentId;
    return isSent && sameMetadata(metadataOf(here), there);
  }

  /** Moved on the server to where this disk has no folder for it. */
  #isAway(id: NodeId, there: RemoteNode): boolean {
    const synced = this.#raw.synced.get(id);
    const wasMoved = synced === undefined || !samePlace(synced, there);
    return wasMoved && there.parentId !== null && this.isConcealed(there.parentId);
  }

  /** A folder that is yet to leave the disk, whose name there another one has been given. */
  isInTheWay(id: NodeId): boolean {
    const here = this.#raw.local.get(id);
    const there = this.#raw.remote.get(id);
    if (here?.kind !== 'folder' || !isThere(here) || !there || here.parentId === PARKED) return false;
    if (!this.isInside(id) || !this.#isAway(id, there) || this.isLeaving(id)) return false;
    const holder = this.#raw.remote.holder(here.parentId, nameKey(here.name));
    return holder !== undefined && holder.id !== id;
  }

  /** Where a file stays, as far as planning goes, until it has been sent. */
  #staysAt(id: NodeId): Place | undefined {
    const { local, remote, synced } = this.#raw;
    const here = local.get(id);
    const there = remote.get(id);
    if (here?.kind !== 'file' || !there || !this.isInside(id)) return undefined;
    if (this.isLeaving(id) || !this.#isAway(id, there)) return undefined;
    if (here.parentId !== PARKED) return here;
    // It was put aside for a moment, and not for long: back to where it was, or to the top, which is always there.
    const { parentId, name } = synced.get(id) ?? there;
    const isThereStill = parentId === null || isThere(local.get(parentId));
    return this.#freed({ parentId: isThereStill ? parentId : null, name }, id);
  }

  /** The place, or one beside it that nobody else has. */
  #freed({ parentId, name }: Place, id: NodeId): Place {
    const { local, remote } = this.#raw;
    for (let attempt = 0; ; attempt += 1) {
      const free = attempt === 0 ? name : movingName(name, attempt);
      const others = [remote.holder(parentId, nameKey(free)), ...local.holders(parentId, nameKey(free))];
      if (others.every((other) => other === undefined || other.id === id)) return { parentId, name: free };
    }
  }

  /** Counts as moved here where the server has it. */
  #hasFollowed(id: NodeId): RemoteNode | undefined {
    const there = this.#raw.remote.get(id);
    if (!there || !this.#raw.local.get(id) || !this.isInside(id) || !this.#isAway(id, there)) return undefined;
    return there.kind === 'folder' || this.isLeaving(id) ? there : undefined;
  }

  #present({ local, remote, synced }: Trees): Trees {
    const standIns = (nodes: readonly RemoteNode[]): readonly LocalNode[] =>
      nodes.filter(({ id }) => this.isConcealed(id)).map(standIn);
    return {
      local: {
        get: (id) => {
          const node = local.get(id);
          if (!node) {
            const there = remote.get(id);
            return there && this.isConcealed(id) ? standIn(there) : undefined;
          }
          const there = this.#hasFollowed(id);
          return there ? { ...node, parentId: there.parentId, name: there.name } : node;
        },
        children: (parentId) => {
          if (parentId !== null && this.isConcealed(parentId)) return [];
          return [...local.children(parentId), ...standIns(remote.children(parentId))];
        },
        // Of the disk alone: the server's holder of a name is known as such.
        holders: (parentId, key) => local.holders(parentId, key),
      },
      remote: {
        get: (id) => {
          const node = remote.get(id);
          const place = node && this.#staysAt(id);
          return place ? { ...node, parentId: place.parentId, name: place.name } : node;
        },
        children: (parentId) => remote.children(parentId),
        holder: (parentId, key) => remote.holder(parentId, key),
      },
      synced: {
        get: (id) => {
          const there = remote.get(id);
          if (there && (this.isConcealed(id) || this.#hasFollowed(id))) return agreedOn(there);
          const node = synced.get(id);
          const place = node && this.#staysAt(id);
          if (!there || !place) return node;
          return { ...node, parentId: place.parentId, name: place.name, placeRev: there.placeRev };
        },
      },
    };
  }
}

function remembered(answers: Map<NodeId, boolean>, id: NodeId, find: () => boolean): boolean {
  const known = answers.get(id);
  if (known !== undefined) return known;
  const answer = find();
  answers.set(id, answer);
  return answer;
}

/** What the disk would show. */
function standIn({ id, kind, parentId, name, contentId, size, mtimeMs, executable }: RemoteNode): LocalNode {
  const mtimeNs = BigInt(mtimeMs) * 1_000_000n;
  const stat = { kind, size, mtimeNs, ino: 0n, dev: 0n, birthNs: 0n, changeNs: 0n, links: 1, executable };
  return { id, kind, parentId, name, diskName: name, stat, contentId, missingSince: null };
}

const agreedOn = ({
  state: _state,
  metaRev: _meta,
  seq: _seq,
  confirmed: _confirmed,
  ...node
}: RemoteNode): SyncedNode => node;
