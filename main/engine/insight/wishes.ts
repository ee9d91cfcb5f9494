import type { LibraryChange } from '../../../shared/api/library.ts';
import { OPERATIONS_MAX } from '../../../shared/api/limits.ts';
import type { OperationResult, Operation as ServerOperation } from '../../../shared/api/nodes.ts';
import type { Problem } from '../../../shared/api/problem.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { moveEntry } from '../apply/local/move.ts';
import { removeFile } from '../apply/local/remove.ts';
import type { Parts } from '../assemble.ts';
import { DiskError } from '../disk/diskError.ts';
import type { LocalNode, Place, RemoteNode } from '../model.ts';

/** What a person asks to have done with a node. */
export type Wish = { readonly id: NodeId } & (
  | { readonly kind: 'move'; readonly place: Place }
  | { readonly kind: 'trash' }
  | { readonly kind: 'restore' }
  | { readonly kind: 'createFolder'; readonly place: Place }
  | { readonly kind: 'library'; readonly change: LibraryChange }
);

export type WishResult =
  | { readonly ok: true }
  /** gone: nobody has it any more · changed: look again · in-the-way: `message` says what · problem: the server's word. */
  | { readonly ok: false; readonly why: 'gone' | 'changed' | 'not-uploaded' }
  | { readonly ok: false; readonly why: 'disk'; readonly message: string }
  | { readonly ok: false; readonly why: 'server'; readonly problem: Problem };

const DONE: WishResult = { ok: true };

/**
 * What the server knows is changed there, on the revisions last seen, and sync brings it to this disk with the checks it
 * makes of everything: so a change that another device made meanwhile, or an edit that was not sent yet, is never run
 * over, and all devices hear of one and the same change. What only this disk has is changed on the disk, as a person would
 * do it in a file manager; sync never learns the difference.
 */
export async function grantWishes(parts: Parts, wishes: readonly Wish[]): Promise<readonly WishResult[]> {
  const results: WishResult[] = wishes.map(() => DONE);
  const sent: { readonly at: number; readonly operation: ServerOperation }[] = [];
  for (const [at, wish] of wishes.entries()) {
    const operation = operationFor(parts, wish);
    if (operation) sent.push({ at, operation });
    else results[at] = await onDisk(parts, wish);
  }
  for (let from = 0; from < sent.length; from += OPERATIONS_MAX) {
    const batch = sent.slice(from, from + OPERATIONS_MAX);
    const answers = await parts.api.operations(batch.map(({ operation }) => operation));
    batch.forEach(({ at }, i) => {
      results[at] = resultOf(answers[i]);
    });
    record(parts, answers);
  }
  return results;
}

/** The server's answer counts at once, for a person looks on; the feed bears it out, as with everything sent. */
function record({ state, loop }: Parts, answers: readonly OperationResult[]): void {
  state.transaction(() => {
    for (const answer of answers) if (answer.ok) for (const node of answer.nodes) state.remote.put(node);
  });
  loop.wake();
}

function resultOf(answer: OperationResult | undefined): WishResult {
  if (!answer) return { ok: false, why: 'changed' };
  return answer.ok ? DONE : { ok: false, why: 'server', problem: answer.problem };
}

/** undefined: the server does not have it, so it is a matter of the disk. */
function operationFor({ state, server }: Parts, wish: Wish): ServerOperation | undefined {
  const { id } = wish;
  const remote: RemoteNode | undefined = state.remote.get(id);
  switch (wish.kind) {
    case 'createFolder':
      return { type: 'createFolder', id, ...wish.place, mtimeMs: Date.now() };
    case 'restore':
      return { type: 'restore', id };
    case 'library':
      return remote && { type: 'setLibrary', id, ...wish.change };
    case 'move':
      return remote?.state === 'live'
        ? { type: 'move', moves: [{ id, placeRev: remote.placeRev, ...wish.place }] }
        : undefined;
    case 'trash':
      return remote?.state === 'live'
        ? {
            type: 'trash',
            id,
            contentRev: remote.contentRev,
            placeRev: remote.placeRev,
            seenSeq: server.seenSeq,
            confirmed: true,
          }
        : undefined;
  }
}

async function onDisk(parts: Parts, wish: Wish): Promise<WishResult> {
  const { state, disk } = parts;
  const local = state.local.get(wish.id);
  const at = local && state.diskPathOf(local);
  if (!local || !at) return { ok: false, why: 'gone' };
  if (wish.kind !== 'move' && wish.kind !== 'trash') return { ok: false, why: 'not-uploaded' };
  try {
    const done =
      wish.kind === 'move' ? await moveOnDisk(parts, local, at, wish.place) : await takeAway(parts, local, at);
    await disk.look([local.parentId, ...(wish.kind === 'move' ? [wish.place.parentId] : [])]);
    return done ? DONE : { ok: false, why: 'changed' };
  } catch (error) {
    if (error instanceof DiskError) return { ok: false, why: 'disk', message: error.message };
    throw error;
  }
}

async function moveOnDisk(
  { state, localDisk }: Parts,
  { stat }: LocalNode,
  from: readonly string[],
  place: Place,
): Promise<boolean> {
  const to = state.diskPath(place);
  if (!to) return false;
  return (await moveEntry(localDisk, { from, to, expected: stat })).status === 'done';
}

/** Into undo, where it stays for a while: the server never had it, so there is no other trash it could go to. */
async function takeAway({ localDisk }: Parts, { kind, stat }: LocalNode, at: readonly string[]): Promise<boolean> {
  if (kind === 'folder') return false;
  return (await removeFile(localDisk, { at, expected: stat })).status === 'done';
}
