import type { NodeId } from '../../../shared/ids.ts';
import { type LocalNode, mtimeMsOf, type Place, type RemoteNode } from '../model.ts';
import { caseConflictName, conflictCopyName, freeName, movingName } from './conflictName.ts';
import { fateOf } from './fate.ts';
import { mergeMetadata, metadataOf } from './metadata.ts';
import type { Operation, Planned } from './operations.ts';
import { finalPlace, placeOf } from './place.ts';
import { type Break, breakOf } from './ring.ts';
import { stepOf } from './step.ts';
import { isLive, isThere, type Look, type Views } from './trees.ts';
import { insideOf, waitsOf } from './waits.ts';

/** The next step of a node's place, with what it waits for; of nodes that wait for each other, one breaks the ring. */
export function planStep(look: Look, views: Views, device: string): readonly Planned[] {
  const { id, local } = views;
  const broken = breakOf(look, id);
  const operation =
    broken?.how === 'park' && local
      ? ({ kind: 'parkLocal', id, stat: local.stat } satisfies Operation)
      : operationOf(look, views, device, broken);
  if (!operation) return [];
  // Whoever breaks a ring waits neither for a name nor for a parent, but still for what is inside.
  const waits = waitsOf(look, id).filter(({ why }) => !broken || why === 'inside');
  return [{ operation, after: [...new Set(waits.map((wait) => wait.for))], breaks: broken?.ring ?? [] }];
}

function operationOf(look: Look, views: Views, device: string, broken: Break | undefined): Operation | undefined {
  const { id, local, remote } = views;
  const step = stepOf(look, id);
  if (!step) return undefined;
  if (step.kind === 'yield') return local && yieldOf(look, local, step.keeper, device);
  if (step.side === 'local') {
    switch (step.kind) {
      case 'create':
        if (!remote) return undefined;
        return remote.kind === 'folder'
          ? { kind: 'createLocalFolder', id, place: placeOf(step.place) }
          : downloadOf(look, views, remote);
      case 'move':
        return local && { kind: 'moveLocal', id, place: placeOf(step.place), stat: local.stat };
      case 'delete':
        return local && { kind: 'deleteLocal', id, stat: local.stat, confirmed: remote?.confirmed === true };
    }
  }
  if (step.kind === 'delete') {
    if (!remote) return undefined;
    const files = remote.kind === 'folder' ? insideOf(look, id).files : 1;
    return { kind: 'trashRemote', id, contentRev: remote.contentRev, placeRev: remote.placeRev, files };
  }
  const place = broken?.how === 'aside' ? asideOf(look, id, step.place) : placeOf(step.place);
  switch (step.kind) {
    case 'move': {
      const others = broken?.how === 'together' ? broken.ring.filter((each) => each !== id) : [];
      return remote && { kind: 'moveRemote', id, placeRev: remote.placeRev, place, with: others };
    }
    case 'create': {
      if (!local) return undefined;
      const { stat } = local;
      if (local.kind === 'folder') return { kind: 'createRemoteFolder', id, place, mtimeMs: mtimeMsOf(stat) };
      const { executable } = stat;
      return { kind: 'upload', id, stat, baseContentRev: remote?.contentRev ?? null, place, executable };
    }
  }
}

/** The server's content, on disk where the node belongs; undefined: it has none. */
export function downloadOf(look: Look, { id, local, synced }: Views, remote: RemoteNode): Operation | undefined {
  const { contentId, contentRev, size, mtimeMs, executable } = remote;
  if (contentId === null) return undefined;
  return {
    kind: 'download',
    id,
    contentId,
    contentRev,
    size,
    mtimeMs,
    executable: local ? mergeMetadata(metadataOf(local), remote, synced).executable : executable,
    serverExecutable: executable,
    place: placeOf(finalPlace(look, id) ?? remote),
    replaces: local?.stat ?? null,
  };
}

/**
 * Somebody else keeps the name. What is new on both sides may be the same thing: folders merge, equal files adopt. If
 * it is not, the node on disk steps aside under a name that says why. A file that this disk holds twice, under one name in
 * two Unicode forms and with the same bytes, is needed once.
 */
function yieldOf(look: Look, local: LocalNode, keeper: RemoteNode | LocalNode, device: string): Operation {
  const { id, stat } = local;
  const place = finalPlace(look, id) ?? local;
  const double = isDouble(look, local, keeper);
  if (!double && isTwin(look, local, keeper)) {
    if (local.kind === 'folder' || local.contentId === keeper.contentId) return { kind: 'rekey', id, as: keeper.id };
    if (local.contentId === null && stat.size === keeper.size) return { kind: 'hash', id, stat };
  }
  const original = double ? originalOf(look, local, keeper) : undefined;
  if (original) {
    if (local.contentId === original.contentId) return { kind: 'deleteLocal', id, stat, confirmed: false };
    if (local.contentId === null && stat.size === original.size) return { kind: 'hash', id, stat };
  }
  const nameFor = (attempt: number): string =>
    keeper.name === place.name && !double
      ? conflictCopyName(place.name, device, mtimeMsOf(stat), attempt)
      : caseConflictName(place.name, attempt);
  const name = freeName(look, id, place.parentId, nameFor);
  return { kind: 'moveLocal', id, place: { parentId: place.parentId, name }, stat };
}

/** Both sides made it, each for itself: same name, same kind. */
function isTwin(look: Look, local: LocalNode, keeper: RemoteNode | LocalNode): keeper is RemoteNode {
  const fate = fateOf(look, keeper.id);
  return (
    fateOf(look, local.id) === 'new-local' &&
    (fate === 'new-remote' || fate === 'restore-local') &&
    keeper.kind === local.kind &&
    keeper.name === local.name
  );
}

/** On this disk another node has the very same name in other characters, and it keeps it or was there first. */
const isDouble = (look: Look, local: LocalNode, keeper: RemoteNode | LocalNode): boolean =>
  look
    .slotOf(local)
    .local.some(
      ({ id, name, missingSince }) =>
        id !== local.id && (id < local.id || id === keeper.id) && name === local.name && missingSince === null,
    );

/** What a new file is one more of, if their bytes are the same: both have one name, and the server has the keeper's bytes. */
function originalOf(look: Look, local: LocalNode, keeper: RemoteNode | LocalNode): RemoteNode | undefined {
  const { local: here, remote } = look.views(keeper.id);
  if (local.kind !== 'file' || fateOf(look, local.id) !== 'new-local') return undefined;
  const isOne = isThere(here) && isLive(remote) && here.name === local.name && remote.name === local.name;
  return isOne && remote.kind === 'file' ? remote : undefined;
}

/** A free name beside the one wanted, in the folder where the node belongs. */
function asideOf(look: Look, id: NodeId, { parentId, name }: Place): Place {
  return { parentId, name: freeName(look, id, parentId, (attempt) => movingName(name, attempt)) };
}
