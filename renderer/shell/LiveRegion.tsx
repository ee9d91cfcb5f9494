import type { ReactNode } from 'react';
import { toneOf, truth } from '../../shared/desktop/truth.ts';
import { useSnapshot } from '../desk/snapshot.ts';

/** Says aloud how things stand when that becomes something else; not every number on the way. */
export function LiveRegion(): ReactNode {
  const words = useSnapshot((snapshot) => {
    if (snapshot === null) return '';
    if (snapshot.trouble !== null) return `Not syncing. ${snapshot.trouble}`;
    if (snapshot.sync === null) return 'Starting';
    return toneOf(snapshot.sync) === 'busy' ? 'Syncing' : truth(snapshot.sync, Date.now());
  });
  return (
    <p className="spoken" role="status">
      {words}
    </p>
  );
}
