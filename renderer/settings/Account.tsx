import { Laptop } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { DeviceRow } from '../../shared/desktop/lists.ts';
import { act, answerOf, ask } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { sayDone } from '../ui/toasts.ts';
import { useNow } from '../ui/useNow.ts';
import { day } from '../wording/times.ts';
import { OtherFolder } from './OtherFolder.tsx';
import { OtherServer } from './OtherServer.tsx';
import { Line, Section } from './Section.tsx';
import styles from './Settings.module.css';
import { SignIn } from './SignIn.tsx';

export function Account(): ReactNode {
  const account = useSlice('account');
  const setup = useSlice('setup');
  const storage = useSlice('storage');
  const host = useSlice('host');
  if (account === null) return null;
  const limit = storage?.limitBytes ?? null;
  const used =
    storage === null ? '' : `${formatBytes(storage.usedBytes)}${limit === null ? '' : ` of ${formatBytes(limit)}`}`;
  return (
    <>
      <Section title="Folder">
        <Line label={setup?.folder ?? ''} note="Everything in it is kept the same on your devices.">
          {host?.can.chooseFolder && setup !== null && <OtherFolder folder={setup.folder} />}
        </Line>
      </Section>
      <Section title="Account">
        {account.signInAgain !== null && <SignIn account={account} />}
        <Line label={account.name} note={`${planName(account.plan)}${used === '' ? '' : ` · ${used}`}`}>
          {!account.own && <SignOut />}
        </Line>
        <Line
          label={account.own ? 'The server is this computer' : account.server}
          note={account.own ? 'Other devices can join with a code.' : 'The server that holds your files.'}
        >
          <OtherServer own={account.own} />
        </Line>
      </Section>
      <Section title="Devices">
        <Devices />
      </Section>
    </>
  );
}

const planName = (plan: string): string => plan.slice(0, 1).toUpperCase() + plan.slice(1);

function SignOut(): ReactNode {
  const [asking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  return (
    <>
      <Button onPress={() => setAsking(true)}>Sign out…</Button>
      <Dialog
        open={asking}
        title="Sign out of this device?"
        description="Your files stay in the folder and on the server; they are not kept the same until you sign in again. The server forgets this device."
        onClose={close}
      >
        <DialogButtons>
          <Button onPress={close}>Stay signed in</Button>
          <Button
            kind="primary"
            onPress={() => {
              close();
              void act('account.signOut', {});
            }}
          >
            Sign out
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}

interface Pairing {
  readonly code: string;
  readonly expiresAt: number;
}

function Devices(): ReactNode {
  const now = useNow();
  const [devices, setDevices] = useState<readonly DeviceRow[]>([]);
  const [fault, setFault] = useState<string | null>(null);
  const [pairing, setPairing] = useState<Pairing | null>(null);
  useEffect(() => {
    void ask('devices.list', {}).then((outcome) => {
      if (outcome.ok) setDevices(outcome.value);
      setFault(outcome.ok ? null : outcome.message);
    });
  }, []);
  const revoke = async (device: DeviceRow): Promise<void> => {
    setDevices(devices.filter(({ id }) => id !== device.id));
    const done = await act('devices.revoke', { device: device.id }, () => setDevices(devices));
    if (done) sayDone(`${device.name} is signed out.`);
  };
  return (
    <>
      {fault !== null && <p className={styles.note}>{fault}</p>}
      <ul className={styles.devices}>
        {devices.map((device) => (
          <li key={device.id} className={styles.device}>
            <Laptop size={18} strokeWidth={1.5} aria-hidden="true" />
            <div>
              {device.name}
              <p className={styles.note}>
                {device.thisOne ? 'This device' : device.platform} · added {day(device.addedAt, now)}
              </p>
            </div>
            {!device.thisOne && (
              <Button small onPress={() => void revoke(device)}>
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {pairing === null ? (
        <div>
          <Button
            onPress={() => void answerOf('devices.pair', {}).then((given) => given !== undefined && setPairing(given))}
          >
            Add a device…
          </Button>
        </div>
      ) : (
        <div className={styles.pair} role="status">
          <b>{pairing.code}</b>
          <p className={styles.note}>Type this into Driftless on the other device within ten minutes.</p>
        </div>
      )}
    </>
  );
}
