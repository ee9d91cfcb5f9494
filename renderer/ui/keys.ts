import { standing } from '../desk/snapshot.ts';

/** Keys as they are named on this computer; given with Ctrl, which is ⌘ on a Mac. */
export const keysHere = (keys: string): string =>
  standing()?.host.platform === 'mac' ? keys.replace('Ctrl ', '⌘') : keys;
