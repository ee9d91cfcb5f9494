import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deviceKey, type Vault } from '../../main/app/secrets.ts';

type Backend = ReturnType<Vault['getSelectedStorageBackend']>;

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'driftless-secrets-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return join(made, 'states', 'device.key');
};

/** A keyring; `lock` stands for its own key: another one cannot open what this one has sealed. */
function vault(lock: string, backend: Backend = 'gnome_libsecret', available = true) {
  const state = { sealed: 0, rotate: false };
  const made: Vault = {
    isAsyncEncryptionAvailable: async () => available,
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text) => {
      state.sealed += 1;
      return Buffer.from(`${lock}|${[...text].reverse().join('')}`);
    },
    decryptStringAsync: async (sealed) => {
      const [by, text = ''] = sealed.toString().split('|');
      if (by !== lock) throw new Error('Error while decrypting.');
      return { shouldReEncrypt: state.rotate, result: [...text].reverse().join('') };
    },
  };
  return { vault: made, state };
}

test.each<Backend>(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])(
  'with %s the key is made once, kept sealed in a file of the owner alone, and found again',
  async (backend) => {
    const file = folder();
    const keyring = vault('ours', backend);
    const key = await deviceKey(keyring.vault, file, 'linux');
    expect(key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from(key ?? []).toString('base64'));
    expect(await deviceKey(keyring.vault, file, 'linux')).toEqual(key);
    expect(keyring.state.sealed).toBe(1);
  },
);

test.each<[string, Backend, boolean]>([
  ['a backend whose key everybody knows', 'basic_text', true],
  ['a keyring that cannot be had', 'unknown', false],
])('%s is no keyring: nothing is sealed with it', async (_what, backend, available) => {
  const { vault: none, state } = vault('ours', backend, available);
  expect(await deviceKey(none, folder(), 'linux')).toBeNull();
  expect(state.sealed).toBe(0);
});

test('elsewhere than on Linux the system always has a keyring, whatever it is called', async () => {
  expect(await deviceKey(vault('ours', 'basic_text').vault, folder(), 'darwin')).toHaveLength(32);
});

test('a keyring that was set up anew gets a key of its own', async () => {
  const file = folder();
  const before = await deviceKey(vault('old').vault, file, 'linux');
  const after = await deviceKey(vault('new').vault, file, 'linux');
  expect(after).toHaveLength(32);
  expect(after).not.toEqual(before);
});

test('a key whose sealing is out of date is sealed anew, and stays the same', async () => {
  const file = folder();
  const keyring = vault('ours');
  const key = await deviceKey(keyring.vault, file, 'linux');
  keyring.state.rotate = true;
  expect(await deviceKey(keyring.vault, file, 'linux')).toEqual(key);
  expect(keyring.state.sealed).toBe(2);
});

test('a file that holds no key is replaced', async () => {
  const file = folder();
  const keyring = vault('ours');
  await deviceKey(keyring.vault, file, 'linux');
  writeFileSync(file, await keyring.vault.encryptStringAsync('short'));
  expect(await deviceKey(keyring.vault, file, 'linux')).toHaveLength(32);
});
