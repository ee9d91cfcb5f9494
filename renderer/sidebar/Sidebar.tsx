import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { showDrawer, useNavigation } from '../shell/navigation.ts';
import { NARROW, useMedia } from '../ui/useMedia.ts';
import { Places } from './Places.tsx';
import styles from './Sidebar.module.css';
import { Standing } from './Standing.tsx';

/** Beside the library, or in a drawer where there is no room for it. */
export function Sidebar(): ReactNode {
  const narrow = useMedia(NARROW);
  const drawer = useNavigation((navigation) => navigation.drawer);
  if (!narrow) {
    return (
      <aside className={styles.sidebar} aria-label="Sidebar">
        <Places />
        <Standing />
      </aside>
    );
  }
  return (
    <Dialog.Root open={drawer} onOpenChange={showDrawer}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.drawer}>
          <Dialog.Title className="spoken">Sidebar</Dialog.Title>
          <Places />
          <Standing />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
