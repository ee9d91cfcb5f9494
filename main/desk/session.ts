import type { SyncView } from '../../shared/desktop/view.ts';
import type { Engine } from '../engine/api.ts';

/** A running engine as the desk needs it: see headless/session.ts. */
export interface Session {
  /** Absolute path of the synced folder. */
  readonly folder: string;
  readonly engine: Engine;
  view(): SyncView;
  onChange(listener: (view: SyncView) => void): () => void;
  pause(forMs: number | null): void;
  resume(): void;
}
