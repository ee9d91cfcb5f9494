import type { NodeId } from '../../../shared/ids.ts';
import { type LocalNode, mtimeMsOf, type Place, type RemoteNode } from '../model.ts';
import { conflictCopyName, freeName } from './conflictName.ts';
import { decideContent } from './content.ts';
import { fateOf } from './fate.ts';
import { changesIn, mergeMetadata, metadataOf, sameMetadata } from './metadata.ts';
import type { Operation, Planned } from './operations.ts';
import { finalPlace, placeOf, samePlace } from './place.ts';
import { stepOf } from './step.ts';
import { downloadOf, planStep } from './stepOperation.ts';
import { Look, type Trees, type Views } from './trees.ts';
import { keptChild } from './waits.ts';

export interface PlanOptions {
  /** This device's name, for conflict copies. */
  readonly device: string;
}

/**
 * The planner: from a look at three trees to the operations that bring the named nodes into agreement. It reads nothing
 * else, changes nothing and knows no time, so the same trees always give the same plan. A node has at most one operation on
 * its place or metadata and one on its content. An operation whose turn has not come names the nodes it waits for;
 * whoever changes one of those plans the waiting node again.
 */
export function plan(look: Look, ids: Iterable<NodeId>, options: PlanOptions): readonly Planned[] {
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

const now = (operation: Operation): Planned => ({ operation, after: [], breaks: [] });

function planNode(look: Look, views: Views, options: PlanOptions): readonly Planned[] {
  const { id, local, remote } = views;
  switch (fateOf(look, id)) {
    case 'nothing':
      return [];
    case 'gone':
      return [now({ kind: 'forget', id })];
    case 'kept': {
      const child = keptChild(look, id);
      return [{ operation: { kind: 'forget', id }, after: child ? [child] : [], breaks: [] }];
    }
    case 'unknown':
      return local?.missingSince === null && local.kind === 'file' ? [now({ kind: 'hash', id, stat: local.stat })] : [];
    case 'both':
      return local && remote ? planBoth(look, views, local, remote, options) : [];
    case 'new-local':
    case 'new-remote':
    case 'restore-local':
    case 'restore-remote':
    case 'delete-local':
    case 'delete-remote':
      return planStep(look, views, options.device);
  }
}

/** On both sides: place, content and metadata each find their way, and when all agree the agreement is written down. */
function planBoth(
  look: Look,
  views: Views,
  local: LocalNode,
  remote: RemoteNode,
  options: PlanOptions,
): readonly Planned[] {
  const { id, synced } = views;
  const step = planStep(look, views, options.device);
  switch (local.kind === 'folder' ? 'same' : decideContent(local, remote, synced)) {
    case 'hash':
      return [...step, now({ kind: 'hash', id, stat: local.stat })];
    case 'upload': {
      const { executable } = changesIn(mergeMetadata(metadataOf(local), remote, synced), remote);
      const place = placeOf(remote);
      return [
        ...step,
        now({ kind: 'upload', id, stat: local.stat, baseContentRev: remote.contentRev, place, executable }),
      ];
    }
    case 'download': {
      // One change on disk at a time: a move still to come is the node's own, and goes first.
      const download = downloadOf(look, views, remote);
      const after = stepOf(look, id)?.side === 'local' ? [id] : [];
      return download ? [...step, { operation: download, after, breaks: [] }] : step;
    }
    case 'conflict': {
      if (step.length > 0) return step;
      const nameFor = (attempt: number) => conflictCopyName(local.name, options.device, mtimeMsOf(local.stat), attempt);
      // The server's version gets the old name back, also when that is a conflict copy's of the same minute.
      const name = freeName(look, null, local.parentId, nameFor);
      return [now({ kind: 'conflictCopy', id, name, stat: local.stat })];
    }
    case 'same': {
      if (step.length > 0) return step;
      const metadata = planMetadata(local, remote, synced);
      if (metadata) return [now(metadata)];
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

/** mtime and executable bit are merged each by itself: the disk takes what is the server's first, then the server. */
function planMetadata(local: LocalNode, remote: RemoteNode, synced: Views['synced']): Operation | undefined {
  const { id, kind, stat } = local;
  const here = metadataOf(local);
  if (kind === 'folder' || sameMetadata(here, remote)) return undefined;
  const merged = mergeMetadata(here, remote, synced);
  return sameMetadata(here, merged)
    ? { kind: 'setRemoteMetadata', id, ...changesIn(merged, remote) }
    : { kind: 'setLocalMetadata', id, ...merged, stat };
}
