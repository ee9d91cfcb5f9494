import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { act } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { copyReport } from '../settings/Diagnostics.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import styles from './Stopped.module.css';

/** Instead of the library when nothing can be read from it: the engine was given up. */
export function Stopped(): ReactNode {
  const trouble = useSlice('trouble') ?? '';
  return (
    <main className={styles.stopped}>
      <EmptyState
        icon={CircleAlert}
        title="Driftless stopped"
        action={
          <div className={styles.actions}>
            <Button kind="primary" onPress={startAgain}>
              Start again
            </Button>
            <Button onPress={() => void copyReport()}>Copy report</Button>
            <Button onPress={() => void act('logs.show', {})}>Open logs</Button>
          </div>
        }
      >
        {`${trouble} Your files are where they were, and nothing is lost.`}
      </EmptyState>
    </main>
  );
}

export const startAgain = (): void => void act('app.startAgain', {});
