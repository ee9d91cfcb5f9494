import type { NodeId } from '../../shared/ids.ts';
import type { HeldDeletes } from './api.ts';
import type { Parts } from './assemble.ts';

type Direction = HeldDeletes['direction'];
export const BOTH: readonly Direction[] = ['local', 'remote'];

/** What the guards hold until a person says yes or no. Asked often, so paths are made only when something else is held. */
export class HeldPaths {
  readonly #known = new Map<Direction, { readonly held: ReadonlySet<NodeId>; readonly paths: readonly string[] }>();

  in({ guards, state }: Parts): readonly HeldDeletes[] {
    return BOTH.flatMap((direction) => {
      const { held } = guards[direction];
      const known = this.#known.get(direction);
      const paths = known?.held === held ? known.paths : [...held].map((id) => state.shownPath(id));
      this.#known.set(direction, { held, paths });
      return paths.length > 0 ? [{ direction, paths }] : [];
    });
  }
}

export function approve({ guards, loop }: Parts, directions: readonly Direction[]): void {
  for (const direction of directions) guards[direction].approve();
  loop.wake();
}

/** What a person refuses to have deleted lives on: without an agreement both sides count as new, and new wins. */
export function deny({ guards, state, loop }: Parts, directions: readonly Direction[]): void {
  state.transaction(() => {
    for (const direction of directions) for (const id of guards[direction].held) state.forgetAgreement(id);
  });
  loop.wake();
}
