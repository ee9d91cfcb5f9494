import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** Below this width the sidebar is a drawer and the inspector a sheet. */
export const NARROW = '(max-width: 759px)';
/** Below this width the inspector lies over the list. */
export const SNUG = '(max-width: 1079px)';
