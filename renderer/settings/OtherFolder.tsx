import { type ReactNode, useState } from 'react';
import { answerOf } from '../desk/ask.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';

/** Where the host can show folders to choose from: another one, after a word about what becomes of the present one. */
export function OtherFolder({ folder }: { readonly folder: string }): ReactNode {
  const [asking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  return (
    <>
      <Button onPress={() => setAsking(true)}>Choose another…</Button>
      <Dialog
        open={asking}
        title="Keep another folder the same?"
        description={`“${folder}” stays as it is, but is no longer kept the same. What is on the server comes into the other folder, and what is in there goes to the server.`}
        onClose={close}
      >
        <DialogButtons>
          <Button onPress={close}>Cancel</Button>
          <Button
            kind="primary"
            onPress={() => {
              close();
              void answerOf('setup.chooseFolder', {});
            }}
          >
            Choose a folder…
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
