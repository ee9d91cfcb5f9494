import { useSyncExternalStore } from 'react';
import type { DriftlessWindow, Snapshot } from '../../shared/desktop/contract.ts';

declare global {
  interface Window {
    readonly driftless: DriftlessWindow;
  }
}

let snapshot: Snapshot = { folder: '', view: null, problems: [], trouble: null };

function subscribe(changed: () => void): () => void {
  return window.driftless.onStatus((newest) => {
    snapshot = newest;
    changed();
  });
}

/** How things stand; renders again after every change. */
export const useSnapshot = (): Snapshot => useSyncExternalStore(subscribe, () => snapshot);
