import { FolderInput, Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { move } from '../library/actions.ts';
import { library } from '../library/library.ts';
import { useNavigation } from '../shell/navigation.ts';
import { sayFailure } from '../ui/toasts.ts';
import { items } from '../wording/counts.ts';
import { AddingBar } from './AddingBar.tsx';
import { addFiles } from './add.ts';
import styles from './DropZone.module.css';
import { heldItems } from './dragOut.ts';
import { droppedFiles } from './dropped.ts';
import { sameTarget, type Target, targetOf } from './target.ts';

/**
 * The whole window takes what is dropped: into the folder under the pointer, else the one that is open, else the top.
 * What was dragged out of the list and comes back is moved, and only onto a folder.
 */
export function DropZone({ children }: { readonly children: ReactNode }): ReactNode {
  const at = useNavigation((navigation) => navigation.at);
  const [target, setTarget] = useState<Target | null>(null);
  const depth = useRef(0);
  const open = at.page === 'library' && at.place.kind === 'folder' ? at.place.id : null;
  const under = (event: DragEvent): Target | null => targetOf(event, open, heldItems());
  const leave = (): void => {
    depth.current = 0;
    setTarget(null);
  };
  const Icon = target?.way === 'move' ? FolderInput : Upload;
  return (
    <section
      className={styles.zone}
      aria-label="Driftless"
      onDragEnter={() => {
        depth.current += 1;
      }}
      onDragOver={(event) => {
        const next = under(event);
        if (!sameTarget(next, target)) setTarget(next);
        if (next === null) return;
        event.preventDefault();
        event.dataTransfer.dropEffect =
          next.way === 'move' && event.dataTransfer.effectAllowed !== 'copy' ? 'move' : 'copy';
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setTarget(null);
      }}
      onDrop={(event) => {
        leave();
        const onto = under(event);
        if (onto === null) return;
        event.preventDefault();
        if (onto.way === 'move') void move(library().selection.ranges, onto.folder, onto.name);
        else {
          droppedFiles(event.dataTransfer).then(
            (files) => addFiles(files, onto.folder),
            () => sayFailure('Something in the drop could not be read: drop it again, or add it with “Add files”.'),
          );
        }
      }}
    >
      {children}
      <AddingBar />
      {target !== null && (
        <div className={styles.overlay} role="status">
          <p>
            <Icon size={18} strokeWidth={1.8} aria-hidden="true" />
            {target.way === 'move' ? 'Move' : 'Add'} {items(target.count)} to {target.name}
          </p>
        </div>
      )}
    </section>
  );
}
