import { nameKey } from '../../../shared/names.ts';
import type { Agenda, Lane } from '../agenda.ts';
import type { Place } from '../model.ts';
import type { Operation } from '../plan/operations.ts';
import { IGNORE_FILE } from '../scan/ignore.ts';
import type { State } from '../store/state.ts';

const isIgnoreFile = (place: Place | undefined): boolean => place?.parentId === null && place.name === IGNORE_FILE;

/** Whether an operation that was carried out on the disk wrote or took away the ignore file. */
export function changesPatterns({ local, remote }: State, operation: Operation): boolean {
  switch (operation.kind) {
    case 'download':
    case 'moveLocal':
      return isIgnoreFile(operation.place) || isIgnoreFile(local.get(operation.id));
    case 'deleteLocal':
      return isIgnoreFile(remote.get(operation.id));
    default:
      return false;
  }
}

/** Lanes that bring something to the server. */
export const isUpward = (lane: Lane): boolean => lane === 'smallUp' || lane === 'largeUp' || lane === 'remote';

/**
 * Another device's patterns are on their way: what they keep out must not have been sent before they are here, which on
 * a device that joins with a full folder would be a matter of milliseconds.
 */
export function patternsArrive({ remote }: State, agenda: Agenda): boolean {
  const node = remote.holder(null, nameKey(IGNORE_FILE));
  return node !== undefined && agenda.fetches(node.id);
}
