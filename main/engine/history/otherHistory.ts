import { seqOf } from '../../../shared/api/changes.ts';
import type { State } from '../store/state.ts';
import { deletedAgain, rewound, type SharedPast } from './rewind.ts';

/**
 * The server's history is another one than was followed: both are the same up to `sharedSeq`, and all that the server
 * has said is forgotten. Once its tree is known again `rewind` is due; until then what was agreed is as it was.
 */
export function startOver(state: State, sharedSeq: number): void {
  const { settings, past, remote, checkpoints } = state;
  state.transaction(() => {
    const due = state.rewindsTo;
    // What was agreed is still of the first history, whatever has been read since.
    const baseSeq = due === undefined ? sharedSeq : Math.min(sharedSeq, due);
    if (due === undefined) past.forgetRevived();
    remote.clear();
    state.sent.clear();
    const kept = checkpoints.filter((cursor) => seqOf(cursor) <= baseSeq);
    settings.set({ cursor: '0', baseSeq: String(baseSeq), checkpoints: JSON.stringify(kept) });
  });
}

/** Where that is due: takes what was agreed to what the present history of the server, by now known whole, makes of it. */
export function rewind(state: State): void {
  const baseSeq = state.rewindsTo;
  if (baseSeq === undefined) return;
  const { past, settings, log } = state;
  const shared: SharedPast = {
    baseSeq,
    hadContent: (id, contentId) => past.hadContent(id, contentId),
    hadPlace: (id, place) => past.hadPlace(id, place),
  };
  state.transaction(() => {
    rewindAgreed(state, shared);
    rewindDeleted(state, shared);
    past.forgetDeleted(baseSeq);
    settings.set({ baseSeq: '' });
  });
  for (const id of state.unsettled()) log.ids.add(id);
}

function rewindAgreed({ local, remote, synced }: State, shared: SharedPast): void {
  for (const id of synced.agreedSince(shared.baseSeq)) {
    const before = synced.get(id);
    const agreed = before && rewound(before, remote.get(id), shared);
    // A server that shares nothing is not told of deletes either: what is not here is taken from there.
    if (agreed && (shared.baseSeq > 0 || local.get(id))) synced.put(agreed);
    else synced.remove(id);
  }
}

function rewindDeleted({ local, remote, synced, past }: State, shared: SharedPast): void {
  for (const deleted of past.allDeleted()) {
    const { id } = deleted;
    const agreed = deletedAgain(deleted, remote.get(id), shared);
    if (agreed && !synced.get(id) && !local.get(id)) synced.put(agreed);
  }
}
