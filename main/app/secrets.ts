import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SafeStorage } from 'electron';
import { SEAL_KEY_BYTES } from '../engine/store/seal.ts';

/** Of Electron, what keeps secrets with the help of the system. */
export type Vault = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

/** null: nothing here keeps secrets, so this device's lies in a file that only its owner can read. */
export type DeviceKey = Uint8Array | null;

/** To be said once, before the secret is kept so. */
export const KEPT_OPENLY =
  'This computer has no keyring, so the key of this device lies in a file that only you can read: install GNOME Keyring or KWallet to have it locked away.';

/**
 * The key that this device's secret is sealed with: random, made once, and itself kept in `file` as the system's keyring
 * has sealed it. One that the keyring cannot open any more is replaced; the device then shows anew who it is.
 */
export async function deviceKey(vault: Vault, file: string, platform: NodeJS.Platform): Promise<DeviceKey> {
  if (!(await locksAway(vault, platform))) return null;
  return (await readKey(vault, file)) ?? makeKey(vault, file);
}

/** What the backend for desktops without a keyring does looks like sealing, but its key is known to everybody. */
async function locksAway(vault: Vault, platform: NodeJS.Platform): Promise<boolean> {
  if (!(await vault.isAsyncEncryptionAvailable())) return false;
  return platform !== 'linux' || vault.getSelectedStorageBackend() !== 'basic_text';
}

async function readKey(vault: Vault, file: string): Promise<DeviceKey> {
  try {
    const { result, shouldReEncrypt } = await vault.decryptStringAsync(readFileSync(file));
    const key = Buffer.from(result, 'base64');
    if (key.length !== SEAL_KEY_BYTES) return null;
    if (shouldReEncrypt) await keep(vault, file, key);
    return key;
  } catch {
    return null;
  }
}

async function makeKey(vault: Vault, file: string): Promise<DeviceKey> {
  const key = randomBytes(SEAL_KEY_BYTES);
  await keep(vault, file, key);
  return key;
}

async function keep(vault: Vault, file: string, key: Uint8Array): Promise<void> {
  const sealed = await vault.encryptStringAsync(Buffer.from(key).toString('base64'));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, sealed, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
