import type { ReactNode } from 'react';
import { useLibrary } from '../library/library.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import styles from './TrashBar.module.css';

export function TrashBar(): ReactNode {
  const total = useLibrary((library) => library.total);
  return (
    <div className={styles.bar}>
      <h1>Trash</h1>
      <p>Things stay here for 30 days.</p>
      {total > 0 && (
        <Button small onPress={() => openDialog({ kind: 'empty-trash' })}>
          Empty the trash…
        </Button>
      )}
    </div>
  );
}
