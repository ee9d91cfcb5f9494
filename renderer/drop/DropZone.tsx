import { Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { NodeId } from '../../shared/ids.ts';
import { useNavigation } from '../shell/navigation.ts';
import { sayFailure } from '../ui/toasts.ts';
import { items } from '../wording/counts.ts';
import { AddingBar } from './AddingBar.tsx';
import { addFiles } from './add.ts';
import styles from './DropZone.module.css';
import { droppedFiles } from './dropped.ts';

interface Target {
  readonly folder: NodeId | null;
  readonly name: string;
  readonly count: number;
}

/** The whole window takes what is dropped: into the folder under the pointer, else the one that is open, else the top. */
export function DropZone({ children }: { readonly children: ReactNode }): ReactNode {
  const at = useNavigation((navigation) => navigation.at);
  const [target, setTarget] = useState<Target | null>(null);
  const depth = useRef(0);
  const open = at.page === 'library' && at.place.kind === 'folder' ? at.place.id : null;

  const targetOf = (event: DragEvent): Target => {
    const count = [...event.dataTransfer.items].filter(({ kind }) => kind === 'file').length;
    const under =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-folder],[data-drop]') : null;
    const id = under?.dataset.folder ?? under?.dataset.drop;
    if (under !== null && id !== undefined) {
      return { folder: id as NodeId, name: under.querySelector('[title],span')?.textContent ?? 'this folder', count };
    }
    return { folder: open, name: open === null ? 'the top of your folder' : 'this folder', count };
  };
  const takes = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

  return (
    <section
      className={styles.zone}
      aria-label="Driftless"
      onDragEnter={(event) => {
        if (takes(event)) depth.current += 1;
      }}
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        const next = targetOf(event);
        if (next.folder !== target?.folder || next.count !== target.count) setTarget(next);
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setTarget(null);
      }}
      onDrop={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        depth.current = 0;
        setTarget(null);
        const { folder } = targetOf(event);
        droppedFiles(event.dataTransfer).then(
          (files) => addFiles(files, folder),
          () => sayFailure('Something in the drop could not be read: drop it again, or add it with “Add files”.'),
        );
      }}
    >
      {children}
      <AddingBar />
      {target !== null && (
        <div className={styles.overlay} role="status">
          <p>
            <Upload size={18} strokeWidth={1.8} aria-hidden="true" />
            Add {items(target.count)} to {target.name}
          </p>
        </div>
      )}
    </section>
  );
}
