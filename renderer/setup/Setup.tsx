import { Folder, Monitor, Server } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Input } from '../../shared/desktop/commands.ts';
import { answerOf, ask } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { Button } from '../ui/Button.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Choice } from './Choice.tsx';
import { complete, type Door, NO_DOOR } from './door.ts';
import styles from './Setup.module.css';
import { SignInFields } from './SignInFields.tsx';

type Where = 'own' | 'server';
const STEPS = 2;

/** The first run, in two steps: which folder, and where the truth lies. Then the window is there, already uploading. */
export function Setup(): ReactNode {
  const setup = useSlice('setup');
  const again = setup?.message ?? null;
  const [step, setStep] = useState<1 | 2>(again === null ? 1 : 2);
  const [where, setWhere] = useState<Where>(setup?.server == null ? 'own' : 'server');
  const [door, setDoor] = useState<Door>({ ...NO_DOOR, address: setup?.server ?? '' });
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const server: Input<'setup.begin'>['server'] | null = where === 'own' ? { kind: 'own' } : complete(door);
  const next = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (step === 1) return setStep(2);
    if (server === null || busy) return;
    setBusy(true);
    setFault(null);
    const outcome = await ask('setup.begin', { server });
    setBusy(false);
    if (!outcome.ok) setFault(outcome.message);
  };
  return (
    <main className={styles.setup}>
      <form className={styles.card} noValidate onSubmit={(event) => void next(event)}>
        <div className={styles.brand}>
          <Mark size={36} />
        </div>
        {step === 1 ? (
          <FolderStep />
        ) : (
          <>
            <h1>{again === null ? 'Where should your files be kept?' : 'Sign in again'}</h1>
            {again !== null && <p className={styles.lead}>{again}</p>}
            <Choice
              label="Where your files are kept"
              value={where}
              onChange={(value: Where) => {
                setWhere(value);
                setFault(null);
              }}
              options={[
                {
                  value: 'own',
                  icon: Monitor,
                  label: 'On this computer',
                  more: 'Driftless runs its own server here. Other devices can join later.',
                },
                {
                  value: 'server',
                  icon: Server,
                  label: 'On a server',
                  more: 'You have an address, and a code or an account there.',
                },
              ]}
            />
            {where === 'server' && <SignInFields door={door} onChange={setDoor} />}
            {fault !== null && (
              <p className={styles.fault} role="alert">
                {fault}
              </p>
            )}
          </>
        )}
        <div className={styles.buttons}>
          {busy && <Button onPress={() => void ask('setup.leave', {})}>Cancel</Button>}
          {step === 2 && !busy && <Button onPress={() => setStep(1)}>Back</Button>}
          <span aria-hidden="true">
            {step} of {STEPS}
          </span>
          <Button kind="primary" submits disabled={busy || (step === 2 && server === null)}>
            {step === 1 ? 'Continue' : busy ? 'Connecting' : again === null ? 'Start syncing' : 'Sign in'}
          </Button>
        </div>
      </form>
    </main>
  );
}

function FolderStep(): ReactNode {
  const setup = useSlice('setup');
  const host = useSlice('host');
  const canChoose = host?.can.chooseFolder ?? false;
  return (
    <>
      <h1>Welcome to Driftless</h1>
      <p className={styles.lead}>
        {canChoose
          ? 'Choose the folder that is kept the same on all your devices.'
          : 'This folder is kept the same on all your devices.'}
      </p>
      <div className={styles.folder}>
        <Folder size={20} strokeWidth={1.5} aria-hidden="true" />
        <span>{setup?.folder}</span>
        {canChoose && <Button onPress={() => void answerOf('setup.chooseFolder', {})}>Choose another…</Button>}
      </div>
      <p className={styles.hint}>
        What is in it already is added to your library. Nothing in it is deleted.
        {!canChoose && ' For another folder, start Driftless again with --folder and its name.'}
      </p>
    </>
  );
}
