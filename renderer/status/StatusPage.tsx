import type { ReactNode } from 'react';
import { useSnapshot } from '../stores/snapshot.ts';
import { Mark } from '../ui/Mark.tsx';
import { Actions } from './Actions.tsx';
import { Held } from './Held.tsx';
import { Problems } from './Problems.tsx';
import { Progress } from './Progress.tsx';
import styles from './StatusPage.module.css';
import { Truth } from './Truth.tsx';

/** The whole window for now: how things stand, and what is wrong. */
export function StatusPage(): ReactNode {
  const { folder, view, problems, trouble } = useSnapshot();
  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <Mark size={22} />
        <h1>Driftless</h1>
      </header>
      <main className={styles.main}>
        <Truth view={view} trouble={trouble} folder={folder} />
        {view !== null && view.state === 'syncing' && view.bytesTotal > 0 && <Progress view={view} />}
        {view !== null && <Actions state={view.state} />}
        {view !== null && view.held > 0 && <Held count={view.held} />}
        {view !== null && view.problems > 0 && <Problems problems={problems} total={view.problems} />}
      </main>
    </div>
  );
}
