import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactNode } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import menu from '../ui/Menu.module.css';
import { MenuItems } from '../ui/MenuItems.tsx';
import styles from './ItemMenu.module.css';
import { itemChoices } from './itemChoices.ts';
import { useLibrary } from './library.ts';

/** The menu on an item, or on the selection it is part of. */
export function ItemMenu({ place, children }: { readonly place: Place; readonly children: ReactNode }): ReactNode {
  const selection = useLibrary((library) => library.selection);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger className={styles.area}>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={menu.over}>
          <ContextMenu.Popup className={menu.popup}>
            <MenuItems context groups={itemChoices(place, selection)} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
