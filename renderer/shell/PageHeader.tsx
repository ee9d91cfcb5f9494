import { Menu } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import { NARROW, useMedia } from '../ui/useMedia.ts';
import { showDrawer } from './navigation.ts';
import styles from './PageHeader.module.css';

interface PageHeaderProps {
  readonly title: string;
  readonly note?: string;
  readonly children?: ReactNode;
}

export function PageHeader({ title, note, children }: PageHeaderProps): ReactNode {
  return (
    <header className={styles.header}>
      <DrawerButton />
      <h1>{title}</h1>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      <div className={styles.actions}>{children}</div>
    </header>
  );
}

/** Where the sidebar is a drawer, this opens it. */
export function DrawerButton(): ReactNode {
  const narrow = useMedia(NARROW);
  return narrow ? <IconButton icon={Menu} label="Show sidebar" onPress={() => showDrawer(true)} /> : null;
}
