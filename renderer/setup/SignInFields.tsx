import type { ReactNode } from 'react';
import { Segments } from '../ui/Segments.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { Door } from './door.ts';
import styles from './SignInFields.module.css';

interface SignInFieldsProps {
  readonly door: Door;
  readonly onChange: (door: Door) => void;
  /** Where the server is known already. */
  readonly fixedAddress?: boolean;
}

/** The ways into a server: a code from another device, a name and a password, or its own sign-in page. */
export function SignInFields({ door, onChange, fixedAddress = false }: SignInFieldsProps): ReactNode {
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
      <Segments
        label="How to sign in"
        value={door.kind}
        options={[
          { value: 'code', label: 'Code' },
          { value: 'password', label: 'Password' },
          { value: 'clerk', label: 'Browser' },
        ]}
        onChange={(kind) => onChange({ ...door, kind })}
      />
      {door.kind === 'code' && (
        <TextField
          label="Code from another device"
          placeholder="KITE-4821-MOSS"
          autoComplete="one-time-code"
          value={door.code}
          onChange={(code) => onChange({ ...door, code })}
        />
      )}
      {door.kind === 'password' && (
        <>
          <TextField
            label="Name or e-mail"
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
      {door.kind === 'clerk' && <p className={styles.hint}>Your browser opens, and you come back here signed in.</p>}
    </div>
  );
}
