import { Info, Star, Tag, Trash2, Undo2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { toggleInspector } from '../inspector/sheet.ts';
import { tagSelection } from '../inspector/tagging.ts';
import { openDialog } from '../shell/dialogs.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { SNUG, useMedia } from '../ui/useMedia.ts';
import { items } from '../wording/counts.ts';
import { favourite, restore, trash } from './actions.ts';
import { select, useLibrary } from './library.ts';
import { useLooks } from './looks.ts';
import styles from './SelectionBar.module.css';
import { count, NOTHING } from './selection.ts';

/** What can be done to a selection, within reach of a thumb. Beside an open inspector it would only say it twice. */
export function SelectionBar({ place }: { readonly place: Place }): ReactNode {
  const selection = useLibrary((library) => library.selection);
  const snug = useMedia(SNUG);
  const inspector = useLooks((looks) => looks.inspector);
  const many = count(selection);
  if (many === 0 || (!snug && inspector)) return null;
  const { ranges } = selection;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selection">
      <b>{items(many)}</b>
      {place.kind === 'trash' ? (
        <>
          <IconButton icon={Undo2} label="Restore" keys="R" onPress={() => void restore(ranges)} />
          <IconButton icon={Trash2} label="Delete for good…" onPress={() => openDialog({ kind: 'purge', ranges })} />
        </>
      ) : (
        <>
          <IconButton icon={Star} label="Favourite" keys="F" onPress={() => void favourite(ranges)} />
          <IconButton icon={Tag} label="Tags" keys="T" onPress={tagSelection} />
          <IconButton icon={Trash2} label="Move to trash" keys="Del" onPress={() => void trash(ranges)} />
        </>
      )}
      {many === 1 && <IconButton icon={Info} label="Inspector" onPress={toggleInspector} />}
      <IconButton icon={X} label="Select nothing" onPress={() => select(NOTHING)} />
    </div>
  );
}
