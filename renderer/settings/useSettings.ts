import { useEffect, useState } from 'react';
import type { Settings } from '../../shared/desktop/settings.ts';
import { act } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';

/** The settings, with changes that have been made here and not yet been confirmed. */
export function useSettings(): {
  readonly settings: Settings | null;
  readonly change: (change: Partial<Settings>) => void;
} {
  const known = useSlice('settings');
  const [ahead, setAhead] = useState<Partial<Settings>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known now says it all
  useEffect(() => setAhead({}), [known]);
  const change = (given: Partial<Settings>): void => {
    setAhead((before) => ({ ...before, ...given }));
    void act('settings.change', given, () => setAhead({}));
  };
  return { settings: known === null ? null : { ...known, ...ahead }, change };
}
