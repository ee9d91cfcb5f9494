import { ChevronRight, Folder, House } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { FolderEntry } from '../../shared/desktop/library.ts';
import { answerOf } from '../desk/ask.ts';
import { closeDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { items as inItems } from '../wording/counts.ts';
import { move } from './actions.ts';
import styles from './MoveDialog.module.css';
import { type Ranges, size } from './ranges.ts';

const TOP = 'the top of your folder';

/** Chooses a folder by walking into it. */
export function MoveDialog({ ranges }: { readonly ranges: Ranges }): ReactNode {
  const [trail, setTrail] = useState<readonly FolderEntry[]>([]);
  const [inside, setInside] = useState<readonly FolderEntry[] | null>(null);
  const here = trail.at(-1) ?? null;
  const id = here?.id ?? null;
  useEffect(() => {
    let wanted = true;
    void answerOf('folders.inside', { id }).then((folders) => {
      if (wanted) setInside(folders ?? []);
    });
    return () => {
      wanted = false;
    };
  }, [id]);
  const moveHere = (): void => {
    closeDialog();
    void move(ranges, id, here?.name ?? TOP);
  };
  return (
    <Dialog open title={`Move ${inItems(size(ranges))}`} onClose={closeDialog}>
      <div className={styles.trail}>
        <button type="button" aria-label="The top of your folder" onClick={() => setTrail([])}>
          <House size={15} strokeWidth={1.7} aria-hidden="true" />
        </button>
        {trail.map((folder, at) => (
          <button key={folder.id} type="button" onClick={() => setTrail(trail.slice(0, at + 1))}>
            <ChevronRight size={13} aria-hidden="true" />
            {folder.name}
          </button>
        ))}
      </div>
      <ul className={styles.folders}>
        {inside?.map((folder) => (
          <li key={folder.id}>
            <button type="button" onClick={() => setTrail([...trail, folder])}>
              <Folder size={16} strokeWidth={1.6} aria-hidden="true" />
              <span>{folder.name}</span>
              <ChevronRight size={14} aria-hidden="true" />
            </button>
          </li>
        ))}
        {inside?.length === 0 && <li className={styles.none}>No folders in here.</li>}
      </ul>
      <DialogButtons>
        <Button onPress={closeDialog}>Cancel</Button>
        <Button kind="primary" onPress={moveHere}>
          {here === null ? 'Move to the top' : 'Move here'}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
