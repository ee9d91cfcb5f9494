import type { HeldDeletes } from './api.ts';
import type { Parts } from './assemble.ts';

/** What the guards hold until a person says yes or no. */
export const heldIn = ({ guards, state }: Parts): readonly HeldDeletes[] =>
  (['local', 'remote'] as const).flatMap((direction) => {
    const paths = [...guards[direction].held].map((id) => state.shownPath(id));
    return paths.length > 0 ? [{ direction, paths }] : [];
  });

export function approve({ guards, loop }: Parts): void {
  guards.local.approve();
  guards.remote.approve();
  loop.wake();
}

/** What a person refuses to have deleted lives on: without an agreement both sides count as new, and new wins. */
export function deny({ guards, state, loop }: Parts): void {
  state.transaction(() => {
    for (const id of [...guards.local.held, ...guards.remote.held]) state.forgetAgreement(id);
  });
  loop.wake();
}
