import { ChevronRight, Folder } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import type { FolderEntry } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { ask } from '../desk/ask.ts';
import { useLibraryRevision } from '../desk/revision.ts';
import { goToPlace, samePlace, useNavigation } from '../shell/navigation.ts';
import { CloudMark } from '../ui/CloudMark.tsx';
import styles from './Folders.module.css';

/** Under its heading the folders at the top, and below each that is open those inside, read when it is opened. */
export function Folders({ heading }: { readonly heading: ReactNode }): ReactNode {
  const folders = useFoldersInside(null);
  if (folders === null || folders.length === 0) return null;
  return (
    <>
      {heading}
      <Level folders={folders} depth={0} />
    </>
  );
}

function Inside({ parent, depth }: { readonly parent: NodeId; readonly depth: number }): ReactNode {
  const folders = useFoldersInside(parent);
  return folders === null ? null : <Level folders={folders} depth={depth} />;
}

function Level({ folders, depth }: { readonly folders: readonly FolderEntry[]; readonly depth: number }): ReactNode {
  return (
    <ul className={styles.level}>
      {folders.map((folder) => (
        <Branch key={folder.id} folder={folder} depth={depth} />
      ))}
    </ul>
  );
}

function Branch({ folder, depth }: { readonly folder: FolderEntry; readonly depth: number }): ReactNode {
  const [open, setOpen] = useState(false);
  const place = { kind: 'folder', id: folder.id } as const;
  const on = useNavigation(({ at }) => at.page === 'library' && samePlace(at.place, place));
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'ArrowRight' && folder.hasFolders) setOpen(true);
    if (key === 'ArrowLeft') setOpen(false);
  };
  return (
    <li>
      <div className={styles.line} data-on={on || undefined} data-folder={folder.id} data-depth={Math.min(depth, 6)}>
        {folder.hasFolders && (
          <button
            type="button"
            className={styles.twist}
            aria-expanded={open}
            aria-label={`Folders in ${folder.name}`}
            tabIndex={-1}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={13} strokeWidth={2} aria-hidden="true" />
          </button>
        )}
        <button
          type="button"
          className={styles.name}
          aria-current={on ? 'page' : undefined}
          aria-expanded={folder.hasFolders ? open : undefined}
          onClick={() => goToPlace(place)}
          onDoubleClick={() => setOpen(!open)}
          onKeyDown={onKeyDown}
        >
          <Folder size={16} strokeWidth={1.6} aria-hidden="true" />
          <span>{folder.name}</span>
          {folder.cloudOnly && <CloudMark />}
        </button>
      </div>
      {open && <Inside parent={folder.id} depth={depth + 1} />}
    </li>
  );
}

function useFoldersInside(parent: NodeId | null): readonly FolderEntry[] | null {
  const revision = useLibraryRevision();
  const [folders, setFolders] = useState<readonly FolderEntry[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why they are read again
  useEffect(() => {
    let wanted = true;
    void ask('folders.inside', { id: parent }).then((outcome) => {
      if (wanted && outcome.ok) setFolders(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [parent, revision]);
  return folders;
}
