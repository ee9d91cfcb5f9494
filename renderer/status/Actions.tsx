import { type ReactNode, useState } from 'react';
import type { Outcome } from '../../shared/desktop/contract.ts';
import { Button } from '../ui/Button.tsx';
import styles from './Actions.module.css';

/** What a person can do here. A refusal is said below the buttons until the next try. */
export function Actions({ paused }: { readonly paused: boolean }): ReactNode {
  const [refusal, setRefusal] = useState<string | null>(null);
  const ask = (command: () => Promise<Outcome>) => () => {
    void command().then((outcome) => setRefusal(outcome.ok ? null : outcome.message));
  };
  return (
    <section>
      <div className={styles.buttons}>
        {paused ? (
          <Button primary onPress={ask(() => window.driftless.resume())}>
            Resume
          </Button>
        ) : (
          <>
            <Button primary onPress={ask(() => window.driftless.syncNow())}>
              Sync now
            </Button>
            <Button onPress={ask(() => window.driftless.pause())}>Pause</Button>
          </>
        )}
      </div>
      {refusal !== null && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
    </section>
  );
}
