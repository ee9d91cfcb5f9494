import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { itemAt, useLibrary } from '../library/library.ts';
import { useLooks } from '../library/looks.ts';
import { count } from '../library/selection.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { SNUG, useMedia } from '../ui/useMedia.ts';
import styles from './Inspector.module.css';
import { Many } from './Many.tsx';
import { Nothing } from './Nothing.tsx';
import { One } from './One.tsx';
import { closeSheet, useSheet } from './sheet.ts';

/** What is known of the selection: beside the list, or in a sheet over it. */
export function Inspector({ place }: { readonly place: Place }): ReactNode {
  const snug = useMedia(SNUG);
  const open = useSheet((sheet) => sheet.open);
  const wanted = useLooks((looks) => looks.inspector);
  const chosen = useLibrary(({ selection }) => selection.ranges.length > 0);
  useEffect(() => {
    if (!snug || !chosen) closeSheet();
  }, [snug, chosen]);
  if (!snug) {
    return wanted ? (
      <aside className={styles.beside} aria-label="Inspector">
        <Content place={place} />
      </aside>
    ) : null;
  }
  return (
    <Dialog.Root open={open && chosen} onOpenChange={(next) => !next && closeSheet()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.sheet}>
          <Dialog.Title className="spoken">Inspector</Dialog.Title>
          <span className={styles.close}>
            <IconButton icon={X} label="Close" onPress={closeSheet} />
          </span>
          <Content place={place} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Content({ place }: { readonly place: Place }): ReactNode {
  const library = useLibrary();
  const { selection } = library;
  const many = count(selection);
  if (many === 0) return <Nothing />;
  if (many > 1) return <Many selection={selection} place={place} />;
  const item = itemAt(library, selection.ranges[0]?.from ?? 0);
  return item === undefined ? null : <One key={item.id} item={item} place={place} />;
}
