import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ItemDetail } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { ask } from '../desk/ask.ts';
import styles from './Crumbs.module.css';

/** Where a folder lies. */
export function Crumbs({ folder }: { readonly folder: NodeId | null }): ReactNode {
  const [item, setItem] = useState<ItemDetail | null>(null);
  useEffect(() => {
    let wanted = true;
    if (folder === null) setItem(null);
    else {
      void ask('library.item', { id: folder }).then((outcome) => {
        if (wanted && outcome.ok) setItem(outcome.value);
      });
    }
    return () => {
      wanted = false;
    };
  }, [folder]);
  const names = item === null ? [] : [...item.path, item.name];
  return (
    <h1 className={styles.crumbs}>
      {names.length === 0 && <span>All folders</span>}
      {names.map((name, at) => (
        <span key={`${name} ${names.slice(0, at).join('/')}`}>
          {at > 0 && <ChevronRight size={13} strokeWidth={2} aria-hidden="true" />}
          {name}
        </span>
      ))}
    </h1>
  );
}
