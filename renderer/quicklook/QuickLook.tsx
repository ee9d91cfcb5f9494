import { Dialog } from '@base-ui/react/dialog';
import { ArrowUpRight, ChevronLeft, ChevronRight, Info, Star, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { count } from '../../shared/desktop/truth.ts';
import { useSlice } from '../desk/snapshot.ts';
import { toggleInspector } from '../inspector/sheet.ts';
import { favourite, openFile, trash } from '../library/actions.ts';
import { focusList } from '../library/focus.ts';
import { itemAt, useLibrary, wantRows } from '../library/library.ts';
import { only } from '../library/ranges.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { SNUG, useMedia } from '../ui/useMedia.ts';
import { Content } from './Content.tsx';
import styles from './QuickLook.module.css';
import { lookBeside, stopLooking, useQuickLook } from './quickLook.ts';

/** A look at an item without leaving the list; the arrows go on to those beside it. */
export function QuickLook(): ReactNode {
  const index = useQuickLook((look) => look.index);
  const library = useLibrary();
  const host = useSlice('host');
  const snug = useMedia(SNUG);
  const popup = useRef<HTMLDivElement>(null);
  const item = index === null ? undefined : itemAt(library, index);
  const trashed = library.query?.place.kind === 'trash';
  useEffect(() => {
    if (index !== null) wantRows({ from: Math.max(0, index - 2), to: index + 3 });
  }, [index]);
  useEffect(() => {
    if (index !== null && index >= library.total) stopLooking();
  }, [index, library.total]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const inside = event.target instanceof HTMLElement && event.target.closest('video,audio,iframe') !== null;
    if (inside && event.key !== 'Escape') return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowDown') lookBeside(1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') lookBeside(-1);
    else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) stopLooking();
    else if (event.key.toLowerCase() === 'f' && index !== null && !trashed) void favourite(only(index));
    else if (event.key === 'Delete' && index !== null && !trashed) {
      stopLooking();
      void trash(only(index));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Dialog.Root open={item !== undefined} onOpenChange={(open) => !open && stopLooking()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.popup}
          onKeyDown={onKeyDown}
          ref={popup}
          tabIndex={-1}
          initialFocus={popup}
          finalFocus={() => {
            focusList();
            return false;
          }}
        >
          {item !== undefined && index !== null && (
            <>
              <header className={styles.header}>
                <IconButton icon={X} label="Close" keys="Space" onPress={stopLooking} />
                <Dialog.Title className={styles.title}>{item.name}</Dialog.Title>
                <span className={styles.place}>
                  {count(index + 1)} of {count(library.total)}
                </span>
                {!trashed && item.kind === 'file' && (
                  <IconButton
                    icon={Star}
                    label="Favourite"
                    keys="F"
                    filled={item.favourite}
                    pressed={item.favourite}
                    onPress={() => void favourite(only(index))}
                  />
                )}
                {snug && (
                  <IconButton
                    icon={Info}
                    label="Inspector"
                    onPress={() => {
                      stopLooking();
                      toggleInspector();
                    }}
                  />
                )}
                {host?.can.openFiles && item.kind === 'file' && !trashed && (
                  <IconButton icon={ArrowUpRight} label="Open" onPress={() => openFile(item.id)} />
                )}
              </header>
              <div className={styles.stage}>
                <Content key={item.id} item={item} />
              </div>
              <span className={styles.back}>
                <IconButton
                  icon={ChevronLeft}
                  label="Previous"
                  keys="←"
                  disabled={index === 0}
                  onPress={() => lookBeside(-1)}
                />
              </span>
              <span className={styles.on}>
                <IconButton
                  icon={ChevronRight}
                  label="Next"
                  keys="→"
                  disabled={index >= library.total - 1}
                  onPress={() => lookBeside(1)}
                />
              </span>
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
