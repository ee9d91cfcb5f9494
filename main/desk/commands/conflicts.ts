import type { NodeId } from '../../../shared/ids.ts';
import { withSuffix } from '../../../shared/names.ts';
import type { Library } from '../../library/library.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers } from '../handlers.ts';
import { MESSAGES, mustBeGranted, Refusal } from '../messages.ts';
import type { Conflict } from '../problemLists.ts';

/** A conflict is over when one of the two is in the trash, or the copy has a name of its own. */
export function conflictCommands({ session, library, problems }: DeskContext): Handlers<'conflict.resolve'> {
  const { insight } = session.engine;
  const trash = async (id: NodeId): Promise<void> => mustBeGranted(await insight.grant([{ id, kind: 'trash' }]));
  const rename = async ({ copy, parentId }: Conflict, name: string): Promise<void> =>
    mustBeGranted(await insight.grant([{ id: copy.id, kind: 'move', place: { parentId, name } }]));

  const resolve = async (conflict: Conflict, keep: 'mine' | 'theirs' | 'both'): Promise<void> => {
    if (keep === 'both') return rename(conflict, freeName(library, conflict));
    const keepCopy = (keep === 'mine') === problems.isMine(conflict);
    if (!keepCopy) return trash(conflict.copy.id);
    await trash(conflict.original.id);
    await rename(conflict, conflict.originalName);
  };

  return {
    'conflict.resolve': async ({ ids, keep }) => {
      const all = ids === 'all' ? problems.conflicts().map(({ copy }) => copy.id) : ids;
      for (const id of all) {
        const conflict = problems.conflict(id);
        if (!conflict) throw new Refusal('gone', MESSAGES.gone);
        await resolve(conflict, keep);
      }
      return null;
    },
  };
}

/** `report (Studio).pdf`: whose it is stays in the name, that it was a conflict does not. */
function freeName(library: Library, { originalName, device, parentId }: Conflict): string {
  for (let attempt = 1; ; attempt += 1) {
    const name = withSuffix(originalName, ` (${device}${attempt > 1 ? ` ${attempt}` : ''})`);
    if (library.named(parentId, name) === null) return name;
  }
}
