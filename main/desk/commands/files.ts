import { join } from 'node:path';
import type { NodeId } from '../../../shared/ids.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';

/** What the host does with a file of this disk. */
export function fileCommands({ session, host }: DeskContext): Handlers<Named<'files'>> {
  const at = (id: NodeId): string => {
    const { insight } = session.engine;
    const names = insight.diskPath(id);
    if (names === null || insight.root === null) throw new Refusal('gone', MESSAGES.notHere);
    return join(insight.root, ...names);
  };
  return {
    'files.open': async ({ id }) => {
      await able(host.openFile)(at(id));
      return null;
    },
    'files.show': async ({ id }) => {
      await able(host.showFile)(at(id));
      return null;
    },
    'files.copy': async ({ ids }) => {
      await able(host.copyFiles)(ids.map(at));
      return null;
    },
  };
}

export function able<T>(ability: T | null): T {
  if (ability === null) throw new Refusal('failed', MESSAGES.hostCannot);
  return ability;
}
