import type { ReactNode } from 'react';
import { TagsDialog } from '../inspector/TagsDialog.tsx';
import { MoveDialog } from '../library/MoveDialog.tsx';
import { NameDialog } from '../library/NameDialog.tsx';
import { PurgeDialog } from '../trash/PurgeDialog.tsx';
import { useDialog } from './dialogs.ts';

export function Dialogs(): ReactNode {
  const dialog = useDialog((state) => state.dialog);
  switch (dialog?.kind) {
    case 'rename':
    case 'new-folder':
      return <NameDialog dialog={dialog} />;
    case 'move':
      return <MoveDialog ranges={dialog.ranges} />;
    case 'tags':
      return <TagsDialog ranges={dialog.ranges} />;
    case 'purge':
    case 'empty-trash':
      return <PurgeDialog dialog={dialog} />;
    default:
      return null;
  }
}
