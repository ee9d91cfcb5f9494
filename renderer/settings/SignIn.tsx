import { type FormEvent, type ReactNode, useState } from 'react';
import type { AccountSlice } from '../../shared/desktop/snapshot.ts';
import { ask } from '../desk/ask.ts';
import { complete, type Door, NO_DOOR } from '../setup/door.ts';
import { SignInFields } from '../setup/SignInFields.tsx';
import { Button } from '../ui/Button.tsx';
import { sayDone } from '../ui/toasts.ts';
import styles from './Settings.module.css';

/** Back into the account after the server has signed this device out. */
export function SignIn({ account }: { readonly account: AccountSlice }): ReactNode {
  const [door, setDoor] = useState<Door>({
    ...NO_DOOR,
    kind: account.clerkKey === null ? 'password' : 'clerk',
    name: account.name,
    address: account.server,
  });
  const server = complete(door);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (server === null || busy) return;
    setBusy(true);
    const outcome = await ask('setup.begin', { server });
    setBusy(false);
    setFault(outcome.ok ? null : outcome.message);
    if (outcome.ok) sayDone('You are signed in.');
  };
  return (
    <form className={styles.body} noValidate onSubmit={(event) => void submit(event)}>
      <p>{account.signInAgain}</p>
      <SignInFields door={door} onChange={setDoor} fixedAddress={!account.own} />
      {fault !== null && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <div className={styles.buttons}>
        <Button kind="primary" submits disabled={server === null || busy}>
          {busy ? 'Connecting' : 'Sign in'}
        </Button>
      </div>
    </form>
  );
}
