import { SMALL_FILE_BYTES } from '../../shared/api/limits.ts';
import { isLive, isThere, type Views } from './plan/trees.ts';
import type { Likely } from './unplanned.ts';

/**
 * What is to be done about a node that nothing is agreed on about, as far as can be told at a glance; undefined where
 * something is. Nothing can be deleted by the plan of a newcomer, nor for its sake, so it may be planned later than others.
 */
export function newcomer({ local, remote, synced }: Views): Likely | undefined {
  if (synced) return undefined;
  const here = isThere(local);
  if (local && !here) return undefined;
  if (here && isLive(remote)) return { lane: local.kind === 'file' ? 'hash' : 'local', bytes: 0 };
  if (here) {
    if (local.kind === 'folder') return { lane: 'remote', bytes: 0 };
    const bytes = local.stat.size;
    return { lane: bytes <= SMALL_FILE_BYTES ? 'smallUp' : 'largeUp', bytes };
  }
  if (!isLive(remote)) return undefined;
  if (remote.kind === 'folder') return { lane: 'local', bytes: 0 };
  return { lane: remote.size <= SMALL_FILE_BYTES ? 'smallDown' : 'largeDown', bytes: remote.size };
}
