import { type FormEvent, type ReactNode, useState } from 'react';
import { ask } from '../desk/ask.ts';
import { complete, type Door, NO_DOOR } from '../setup/door.ts';
import { SignInFields } from '../setup/SignInFields.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { Segments } from '../ui/Segments.tsx';
import { sayDone } from '../ui/toasts.ts';
import styles from './Settings.module.css';

type Where = 'own' | 'server';

/** Changes what holds the truth. It asks first, and says what becomes of the files: they stay. */
export function OtherServer({ own }: { readonly own: boolean }): ReactNode {
  const [open, setOpen] = useState(false);
  const [where, setWhere] = useState<Where>('server');
  const [door, setDoor] = useState<Door>(NO_DOOR);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const server = where === 'own' ? ({ kind: 'own' } as const) : complete(door);
  const close = (): void => {
    if (busy) void ask('setup.leave', {});
    setOpen(false);
    setFault(null);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (server === null || busy) return;
    setBusy(true);
    setFault(null);
    const outcome = await ask('setup.begin', { server });
    setBusy(false);
    if (!outcome.ok) return setFault(outcome.message);
    setOpen(false);
    setDoor(NO_DOOR);
    sayDone('You are connected. What is in the folder is offered to the server.');
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>Use another server…</Button>
      <Dialog
        open={open}
        title="Use another server?"
        description="All files stay in your folder and are offered to the other server. Nothing is deleted, neither here nor on the present one."
        onClose={close}
      >
        <form className={styles.body} noValidate onSubmit={(event) => void submit(event)}>
          {!own && (
            <Segments<Where>
              label="Where your files are kept"
              value={where}
              options={[
                { value: 'server', label: 'A server' },
                { value: 'own', label: 'This computer' },
              ]}
              onChange={setWhere}
            />
          )}
          {where === 'server' && <SignInFields door={door} onChange={setDoor} />}
          {fault !== null && (
            <p className={styles.fault} role="alert">
              {fault}
            </p>
          )}
          <DialogButtons>
            <Button onPress={close}>Cancel</Button>
            <Button kind="primary" submits disabled={busy || server === null}>
              {busy ? 'Connecting' : 'Connect'}
            </Button>
          </DialogButtons>
        </form>
      </Dialog>
    </>
  );
}
