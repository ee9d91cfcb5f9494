import { sameTree } from '../sameTree.ts';
import { start, versionOf } from './commands.ts';
import type { Peer } from './peer.ts';

/** A plain copy on the same disk: not a rival but the floor, what the disk alone takes. */
export const cp: Peer = {
  name: 'cp',
  version: () => versionOf('cp', '--version'),
  watches: false,
  followsChanges: false,
  hasWire: false,
  start: async ({ source, target, meter }) => ({
    async sync() {
      const code = await start(meter, 'client', 'cp', ['-a', `${source}/.`, target]).ended;
      if (code !== 0) throw new Error(`cp ended with ${code ?? 'a signal'}`);
    },
    verify: async () => sameTree(source, target),
    killClient: async () => {},
    stop: async () => {},
  }),
};
