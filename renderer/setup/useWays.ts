import { useEffect, useState } from 'react';
import type { Answer } from '../../shared/desktop/commands.ts';
import { ask } from '../desk/ask.ts';
import { addressOf } from './door.ts';

/** Nobody types an address in one go: asked when nothing more came for so long, in ms. */
const TYPING_MS = 600;

export interface Ways {
  readonly known: Answer<'setup.ways'> | null;
  /** Why the server could not say: one sentence with a next step. */
  readonly fault: string | null;
}

const UNKNOWN: Ways = { known: null, fault: null };

/** How the server at this address lets people in. */
export function useWays(address: string): Ways {
  const [ways, setWays] = useState(UNKNOWN);
  const asked = addressOf(address);
  useEffect(() => {
    setWays(UNKNOWN);
    if (asked === null) return;
    let wanted = true;
    const timer = setTimeout(() => {
      void ask('setup.ways', { address: asked }).then((outcome) => {
        if (!wanted) return;
        setWays(outcome.ok ? { known: outcome.value, fault: null } : { known: null, fault: outcome.message });
      });
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [asked]);
  return ways;
}
