import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useEffect } from 'react';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { useSnapshot } from '../desk/snapshot.ts';
import { showItem } from '../library/showItem.ts';
import { Setup } from '../setup/Setup.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import { useAppearance } from './appearance.ts';
import { goTo, goToPlace } from './navigation.ts';
import { Starting } from './Starting.tsx';
import { Stopped } from './Stopped.tsx';
import { Window } from './Window.tsx';

/** The page allows no styles but its own files, so the components must not bring any along. */
export function App(): ReactNode {
  const phase = useSnapshot(phaseOf);
  useAppearance();
  useShowRequests();
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <Toasts>
          {phase === 'starting' && <Starting />}
          {phase === 'stopped' && <Stopped />}
          {phase === 'setup' && <Setup />}
          {phase === 'ready' && <Window />}
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function phaseOf(snapshot: Snapshot | null): 'starting' | 'stopped' | 'setup' | 'ready' {
  if (snapshot === null) return 'starting';
  if (snapshot.stopped === 'engine') return 'stopped';
  return snapshot.setup.needed ? 'setup' : 'ready';
}

/** What menu and tray choose is shown here. */
function useShowRequests(): void {
  useEffect(
    () =>
      window.driftless.onShow((what) => {
        switch (what.show) {
          case 'library':
            return goToPlace({ kind: 'all' });
          case 'item':
            return showItem(what.id);
          case 'trash':
            return goToPlace({ kind: 'trash' });
          default:
            return goTo({ page: what.show });
        }
      }),
    [],
  );
}
