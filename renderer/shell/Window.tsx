import { type ReactNode, useEffect } from 'react';
import { Activity } from '../activity/Activity.tsx';
import { DropZone } from '../drop/DropZone.tsx';
import { LibraryPage } from '../library/LibraryPage.tsx';
import { Palette } from '../palette/Palette.tsx';
import { Shortcuts } from '../palette/Shortcuts.tsx';
import { Problems } from '../problems/Problems.tsx';
import { QuickLook } from '../quicklook/QuickLook.tsx';
import { Settings } from '../settings/Settings.tsx';
import { Sidebar } from '../sidebar/Sidebar.tsx';
import { Transfers } from '../transfers/Transfers.tsx';
import { Banners } from './Banners.tsx';
import { Dialogs } from './Dialogs.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { useNavigation } from './navigation.ts';
import { listenForKeys } from './shortcuts.ts';
import styles from './Window.module.css';

export function Window(): ReactNode {
  const at = useNavigation((navigation) => navigation.at);
  useEffect(() => listenForKeys(), []);
  return (
    <DropZone>
      <div className={styles.window}>
        <Sidebar />
        <div className={styles.place}>
          <Banners />
          {at.page === 'library' && <LibraryPage place={at.place} />}
          {at.page === 'transfers' && <Transfers />}
          {at.page === 'problems' && <Problems />}
          {at.page === 'activity' && <Activity />}
          {at.page === 'settings' && <Settings />}
        </div>
      </div>
      <QuickLook />
      <Palette />
      <Shortcuts />
      <Dialogs />
      <LiveRegion />
    </DropZone>
  );
}
