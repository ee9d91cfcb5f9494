import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { keysHere } from './keys.ts';
import styles from './Menu.module.css';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

/** Entries of a menu in groups, parted by lines; groups without entries leave no line. */
export type MenuGroups = readonly (readonly (MenuEntry | null)[])[];

export function MenuItems({ groups, context = false }: { readonly groups: MenuGroups; context?: boolean }): ReactNode {
  const { Item, Separator } = context ? ContextMenu : Menu;
  const filled = groups.map((group) => group.filter((entry) => entry !== null)).filter(({ length }) => length > 0);
  return filled.map((group, at) => (
    <div key={group[0]?.label} role="none">
      {at > 0 && <Separator className={styles.line} />}
      {group.map(({ label, icon: Icon, keys, danger, run }) => (
        <Item key={label} className={styles.item} data-danger={danger || undefined} onClick={run}>
          {Icon !== undefined && <Icon size={15} strokeWidth={1.6} aria-hidden="true" />}
          <span>{label}</span>
          {keys !== undefined && (
            <span className={styles.keys} aria-hidden="true">
              {keysHere(keys)}
            </span>
          )}
        </Item>
      ))}
    </div>
  ));
}
