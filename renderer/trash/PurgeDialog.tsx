import type { ReactNode } from 'react';
import { act } from '../desk/ask.ts';
import { purge } from '../library/actions.ts';
import { library } from '../library/library.ts';
import { size } from '../library/ranges.ts';
import { closeDialog, type OpenDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { sayDone } from '../ui/toasts.ts';
import { items } from '../wording/counts.ts';

type Purging = Extract<OpenDialog, { kind: 'purge' | 'empty-trash' }>;

/** The only question of its kind in the window: after this there is no way back. */
export function PurgeDialog({ dialog }: { readonly dialog: Purging }): ReactNode {
  const many = dialog.kind === 'purge' ? size(dialog.ranges) : library().total;
  const run = async (): Promise<void> => {
    closeDialog();
    if (dialog.kind === 'purge') await purge(dialog.ranges);
    else if (await act('trash.empty', {})) sayDone('The trash is empty.');
  };
  return (
    <Dialog
      open
      title={`Delete ${items(many)} for good?`}
      description="They are gone from every device and from the server, with all their versions. This cannot be undone."
      onClose={closeDialog}
    >
      <DialogButtons>
        <Button onPress={closeDialog}>Keep</Button>
        <Button kind="danger" onPress={() => void run()}>
          Delete for good
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
