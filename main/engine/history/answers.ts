import { type Cursor, runOf } from '../../../shared/api/changes.ts';
import type { NodeId } from '../../../shared/ids.ts';
import type { RemoteNode } from '../model.ts';

/**
 * Whether the server's answers are part of the history that the feed tells. `shown`: what the feed, read to its end from
 * `before` to `after`, said of the same nodes. An answer that the feed does not bear out was given in a history that
 * has been taken back since. Where a node has changed once more the feed says nothing of its answer, which is sure to
 * be older only if the same run of the server has gone on.
 */
export function answersHold(
  answers: ReadonlyMap<NodeId, RemoteNode>,
  shown: ReadonlyMap<NodeId, RemoteNode>,
  before: Cursor,
  after: Cursor,
): boolean {
  const wentOn = before === '0' || runOf(before) === runOf(after);
  return [...answers].every(([id, answer]) => {
    const node = shown.get(id);
    if (!node || node.seq < answer.seq) return false;
    return node.seq === answer.seq ? isSame(node, answer) : wentOn;
  });
}

const isSame = (a: RemoteNode, b: RemoteNode): boolean =>
  a.state === b.state &&
  a.contentId === b.contentId &&
  a.parentId === b.parentId &&
  a.name === b.name &&
  a.contentRev === b.contentRev &&
  a.placeRev === b.placeRev;
