import { type ReactNode, useState } from 'react';
import type { Outcome } from '../../shared/desktop/contract.ts';
import type { SyncState } from '../../shared/desktop/view.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Actions.module.css';

/** What a person can do here, and only that. A refusal is said below the buttons until the next try. */
export function Actions({ state }: { readonly state: SyncState }): ReactNode {
  const [refusal, setRefusal] = useState<string | null>(null);
  const ask = (command: () => Promise<Outcome>) => () => {
    void command().then((outcome) => setRefusal(outcome.ok ? null : outcome.message));
  };
  const working = state === 'syncing' || state === 'scanning';
  return (
    <section>
      <div className={styles.buttons}>
        {state === 'paused' && (
          <Button primary onPress={ask(() => window.driftless.resume())}>
            Resume
          </Button>
        )}
        {state !== 'paused' && !working && (
          <Button onPress={ask(() => window.driftless.syncNow())}>
            {state === 'offline' ? 'Try now' : 'Sync now'}
          </Button>
        )}
        {state !== 'paused' && <Button onPress={ask(() => window.driftless.pause())}>Pause</Button>}
      </div>
      {refusal !== null && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
    </section>
  );
}
