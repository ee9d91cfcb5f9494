import type { NodeId } from '../../../shared/ids.ts';
import { type LocalNode, mtimeMsOf, type Place, type RemoteNode } from '../model.ts';
import { caseConflictName, conflictName } from './conflictName.ts';
import { decideContent } from './content.ts';
import { fateOf, finalPlace, metadataOf, sameMetadata, samePlace } from './fate.ts';
import type { Operation, Planned } from './operations.ts';
import {
  insideItself,
  localHolder,
  missingLocalParent,
  missingRemoteParent,
  nameCycle,
  remoteHolder,
  willLeave,
} from './places.ts';
import { Look, type Trees, type Views } from './trees.ts';

export interface PlanOptions {
  /** This device's name, for conflict copies. */
  readonly device: string;
}

/**
 * The planner: from three trees to the operations that bring the named nodes into agreement. It reads nothing else,
 * changes nothing and knows no time, so the same trees always give the same plan. An operation whose turn has not come
 * names the nodes it waits for; whoever changes one of those plans the waiting node again.
 */
export function plan(trees: Trees, ids: Iterable<NodeId>, options: PlanOptions): readonly Planned[] {
  const look = new Look(trees);
  const planned: Planned[] = [];
  for (const id of ids) planned.push(...planNode(look, look.views(id), options));
  return planned;
}

/** Where living nodes belong: what the members of a ring have to become at once. */
export function finalPlaces(
  trees: Trees,
  ids: readonly NodeId[],
): readonly { readonly id: NodeId; readonly place: Place }[] {
  const look = new Look(trees);
  return ids.flatMap((id) => {
    const place = finalPlace(look, id);
    return place ? [{ id, place: placeOf(place) }] : [];
  });
}

const now = (operation: Operation): Planned => ({ operation, after: [] });

/** With what it waits for; undefined entries are waits that do not apply. */
const when = (operation: Operation, ...after: readonly (NodeId | undefined)[]): Planned => ({
  operation,
  after: after.filter((id) => id !== undefined),
});

function planNode(look: Look, views: Views, options: PlanOptions): readonly Planned[] {
  const { id, local, remote, synced } = views;
  switch (fateOf(look, id)) {
    case 'covered':
      return [];
    case 'gone':
      return [now({ kind: 'forget', id })];
    case 'unknown':
      return local && local.missingSince === null && local.kind === 'file'
        ? [now({ kind: 'hash', id, stat: local.stat })]
        : [];
    case 'new-local':
      return local ? planNewLocal(look, local, options) : [];
    case 'restore-remote':
      return local ? planIntoRemote(look, local, synced?.contentRev ?? null, options) : [];
    case 'new-remote':
    case 'restore-local':
      return remote ? [planIntoLocal(look, remote)] : [];
    case 'delete-local':
      return local ? [planDeleteLocal(look, local, remote)] : [];
    case 'delete-remote':
      return remote ? planDeleteRemote(look, remote) : [];
    case 'both':
      return local && remote ? planBoth(look, views, local, remote, options) : [];
  }
}

/** A new local node whose name the server already knows may be the same thing: folders merge, equal files adopt. */
function planNewLocal(look: Look, local: LocalNode, options: PlanOptions): readonly Planned[] {
  const { id } = local;
  const holder = remoteHolder(look, id, local);
  const twin = holder && fateOf(look, holder.id) === 'new-remote' && holder.kind === local.kind ? holder : undefined;
  if (twin && twin.name === local.name) {
    if (local.kind === 'folder') return [now({ kind: 'rekey', id, as: twin.id })];
    if (local.contentId === null) {
      if (local.stat.size === twin.size) return [now({ kind: 'hash', id, stat: local.stat })];
    } else if (local.contentId === twin.contentId) {
      return [now({ kind: 'rekey', id, as: twin.id })];
    }
  }
  return planIntoRemote(look, local, null, options);
}

function planIntoRemote(look: Look, local: LocalNode, base: number | null, options: PlanOptions): readonly Planned[] {
  const { id } = local;
  const place = placeOf(local);
  const holder = remoteHolder(look, id, place);
  if (holder && !willLeave(look, holder)) return [planRename(look, local, holder, options)];
  const parent = missingRemoteParent(look, place.parentId);
  const trashed = look.views(id).remote;
  const operation: Operation =
    local.kind === 'folder'
      ? { kind: 'createRemoteFolder', id, place, mtimeMs: mtimeMsOf(local.stat) }
      : { kind: 'upload', id, stat: local.stat, baseContentRev: trashed?.contentRev ?? base, place };
  return [when(operation, holder?.id, parent)];
}

/** The server's holder keeps the name; the local node steps aside under a name that says why. */
function planRename(look: Look, local: LocalNode, holder: Place, options: PlanOptions): Planned {
  const name =
    holder.name === local.name
      ? conflictName(look.trees, local, options.device, mtimeMsOf(local.stat))
      : caseConflictName(look.trees, local);
  return now({ kind: 'moveLocal', id: local.id, place: { parentId: local.parentId, name }, stat: local.stat });
}

function planIntoLocal(look: Look, remote: RemoteNode): Planned {
  const { id, contentId } = remote;
  const place = placeOf(remote);
  const operation: Operation =
    remote.kind === 'folder' || contentId === null
      ? { kind: 'createLocalFolder', id, place }
      : {
          kind: 'download',
          id,
          contentId,
          size: remote.size,
          mtimeMs: remote.mtimeMs,
          executable: remote.executable,
          place,
          replaces: null,
        };
  return when(operation, missingLocalParent(look, place.parentId), localHolder(look, id, place)?.id);
}

/** A folder goes after its children; the last one listed is likely to be the last one done. */
function planDeleteLocal(look: Look, local: LocalNode, remote: RemoteNode | undefined): Planned {
  const children = local.kind === 'folder' ? look.trees.local.children(local.id) : [];
  return when(
    { kind: 'deleteLocal', id: local.id, stat: local.stat, confirmed: remote?.confirmed === true },
    children.at(-1)?.id,
  );
}

/** One operation for a whole folder: what lies below goes with the topmost that is deleted. */
function planDeleteRemote(look: Look, remote: RemoteNode): readonly Planned[] {
  if (remote.parentId !== null && fateOf(look, remote.parentId) === 'delete-remote') return [];
  const inside = remote.kind === 'folder' ? countInside(look, remote.id) : { files: 1, leaving: undefined };
  return [
    when(
      {
        kind: 'trashRemote',
        id: remote.id,
        contentRev: remote.contentRev,
        placeRev: remote.placeRev,
        files: inside.files,
      },
      inside.leaving,
    ),
  ];
}

/** Files that go with the folder, and a node still in it that will live elsewhere and must leave first. */
function countInside(look: Look, folder: NodeId): { files: number; leaving: NodeId | undefined } {
  let files = 0;
  let leaving: NodeId | undefined;
  for (const child of look.trees.remote.children(folder)) {
    if (fateOf(look, child.id) !== 'delete-remote') leaving = child.id;
    else if (child.kind === 'file') files += 1;
    else {
      const below = countInside(look, child.id);
      files += below.files;
      leaving ??= below.leaving;
    }
  }
  return { files, leaving };
}

/** On both sides: content, place and metadata each find their way, and when all agree the agreement is written down. */
function planBoth(
  look: Look,
  { id, synced }: Views,
  local: LocalNode,
  remote: RemoteNode,
  options: PlanOptions,
): readonly Planned[] {
  const place = finalPlace(look, id) ?? placeOf(remote);
  const moves = planMoves(look, local, remote, place, options);
  const content = local.kind === 'folder' ? 'same' : decideContent(local, remote, synced);
  switch (content) {
    case 'hash':
      return [...moves, now({ kind: 'hash', id, stat: local.stat })];
    case 'upload':
      return [
        ...moves,
        now({ kind: 'upload', id, stat: local.stat, baseContentRev: remote.contentRev, place: placeOf(remote) }),
      ];
    case 'download':
      return [...moves, ...planReplace(id, local, remote)];
    case 'conflict': {
      const name = conflictName(look.trees, local, options.device, mtimeMsOf(local.stat));
      return [now({ kind: 'conflictCopy', id, name, stat: local.stat })];
    }
    case 'same': {
      const metadata = planMetadata(id, local, remote, synced);
      if (moves.length > 0 || metadata.length > 0) return [...moves, ...metadata];
      const agreed =
        synced &&
        samePlace(synced, remote) &&
        synced.contentRev === remote.contentRev &&
        synced.placeRev === remote.placeRev &&
        sameMetadata(synced, remote);
      return agreed ? [] : [now({ kind: 'agree', id })];
    }
  }
}

function planReplace(id: NodeId, local: LocalNode, remote: RemoteNode): readonly Planned[] {
  if (remote.contentId === null) return [];
  return [
    now({
      kind: 'download',
      id,
      contentId: remote.contentId,
      size: remote.size,
      mtimeMs: remote.mtimeMs,
      executable: remote.executable,
      place: placeOf(local),
      replaces: local.stat,
    }),
  ];
}

function planMoves(
  look: Look,
  local: LocalNode,
  remote: RemoteNode,
  place: Place,
  options: PlanOptions,
): readonly Planned[] {
  const { id } = local;
  const planned: Planned[] = [];
  if (!samePlace(remote, place)) {
    const holder = remoteHolder(look, id, place);
    const ring = nameCycle(look, id, 'remote');
    if (ring) {
      planned.push(
        ...planRing(ring, { kind: 'moveRemote', id, placeRev: remote.placeRev, place, with: ring.slice(1) }),
      );
    } else if (holder && !willLeave(look, holder)) {
      return [planRename(look, local, holder, options)];
    } else {
      const operation: Operation = { kind: 'moveRemote', id, placeRev: remote.placeRev, place, with: [] };
      const inside = insideItself(look, id, place.parentId, 'remote');
      planned.push(when(operation, holder?.id, missingRemoteParent(look, place.parentId), inside));
    }
  }
  if (!samePlace(local, place)) {
    const ring = nameCycle(look, id, 'local');
    if (ring) {
      planned.push(...planRing(ring, { kind: 'parkLocal', id, stat: local.stat }));
    } else {
      const operation: Operation = { kind: 'moveLocal', id, place, stat: local.stat };
      const inside = insideItself(look, id, place.parentId, 'local');
      const holder = localHolder(look, id, place);
      planned.push(when(operation, holder?.id, missingLocalParent(look, place.parentId), inside));
    }
  }
  return planned;
}

/** A ring is broken once, by its smallest id; the others wait for that one. */
function planRing(ring: readonly NodeId[], breaking: Operation): readonly Planned[] {
  const first = ring.reduce((least, id) => (id < least ? id : least));
  return [first === breaking.id ? now(breaking) : when(breaking, first)];
}

/** mtime and executable bit: the last writer wins, and when both wrote, the server's word stands. */
function planMetadata(id: NodeId, local: LocalNode, remote: RemoteNode, synced: Views['synced']): readonly Planned[] {
  const here = metadataOf(local);
  if (local.kind === 'folder' || sameMetadata(here, remote)) return [];
  if (synced && sameMetadata(synced, remote)) return [now({ kind: 'setRemoteMetadata', id, ...here })];
  const { mtimeMs, executable } = remote;
  return [now({ kind: 'setLocalMetadata', id, mtimeMs, executable, stat: local.stat })];
}

const placeOf = ({ parentId, name }: Place): Place => ({ parentId, name });
