import type { ReactNode } from 'react';
import { useSlice } from '../desk/snapshot.ts';
import { Segments } from '../ui/Segments.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { Door } from './door.ts';
import styles from './SignInFields.module.css';
import { useWays } from './useWays.ts';

interface SignInFieldsProps {
  readonly door: Door;
  readonly onChange: (door: Door) => void;
  /** Where the server is known already. */
  readonly fixedAddress?: boolean;
}

const WAYS: readonly { readonly value: Door['kind']; readonly label: string }[] = [
  { value: 'code', label: 'Code' },
  { value: 'password', label: 'Password' },
  { value: 'clerk', label: 'Sign-in page' },
];

/** The ways into a server: a code from another device, a name and a password, or its own sign-in page. */
export function SignInFields({ door, onChange, fixedAddress = false }: SignInFieldsProps): ReactNode {
  const setup = useSlice('setup');
  const { known, fault } = useWays(door.address);
  const ways = WAYS.filter(({ value }) => (known === null ? value !== 'clerk' : known[value]) || value === door.kind);
  return (
    <div className={styles.fields}>
      {!fixedAddress && (
        <TextField
          label="Address of the server"
          type="url"
          placeholder="https://files.example.org"
          value={door.address}
          onChange={(address) => onChange({ ...door, address })}
        />
      )}
      {fault !== null && (
        <p className={styles.fault} role="status">
          {fault}
        </p>
      )}
      <Segments
        label="How to sign in"
        value={door.kind}
        options={ways}
        onChange={(kind) => onChange({ ...door, kind })}
      />
      {door.kind === 'code' && (
        <>
          <TextField
            label="Code from another device"
            placeholder="7KQM-2D9X"
            autoComplete="one-time-code"
            value={door.code}
            onChange={(code) => onChange({ ...door, code })}
          />
          <p className={styles.hint}>A device that is in already shows one: Settings, Devices, Add a device.</p>
        </>
      )}
      {door.kind === 'password' && (
        <>
          <TextField
            label="Name"
            autoComplete="username"
            value={door.name}
            onChange={(name) => onChange({ ...door, name })}
          />
          <TextField
            label="Password"
            type="password"
            autoComplete="current-password"
            value={door.password}
            onChange={(password) => onChange({ ...door, password })}
          />
        </>
      )}
      {door.kind === 'clerk' && (
        <p className={styles.hint}>The server’s sign-in page opens, and you come back here signed in.</p>
      )}
      {setup?.signInPage != null && (
        <p className={styles.page} role="status">
          <a href={setup.signInPage} target="_blank" rel="noopener noreferrer">
            Open the sign-in page
          </a>
        </p>
      )}
    </div>
  );
}
