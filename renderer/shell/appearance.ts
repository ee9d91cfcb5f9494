import { useEffect } from 'react';
import { useSnapshot } from '../desk/snapshot.ts';

/** Follows the chosen theme, and leaves it where `appearance.js` finds it before the next page is painted. */
export function useAppearance(): void {
  const appearance = useSnapshot((snapshot) => snapshot?.settings.appearance ?? null);
  useEffect(() => {
    if (appearance === null) return;
    if (appearance === 'system') delete document.documentElement.dataset.appearance;
    else document.documentElement.dataset.appearance = appearance;
    try {
      localStorage.setItem('driftless.appearance', appearance);
    } catch {
      // The next page may flash; nothing else is lost.
    }
  }, [appearance]);
}
