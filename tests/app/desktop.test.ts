import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closing } from '../../main/app/desktop/closing.ts';
import { addressIn, shownBy } from '../../main/app/desktop/deepLink.ts';
import { loginEntry, setLoginEntry } from '../../main/app/desktop/loginEntry.ts';

const ID = '0190a0b0-0000-7000-8000-000000000001';

test.each([
  ['driftless://problems', { show: 'problems' }],
  ['driftless://settings/', { show: 'settings' }],
  [`driftless://item/${ID}`, { show: 'item', id: ID }],
  ['driftless://item/../../etc/passwd', null],
  ['driftless://quit', null],
  ['https://problems', null],
  ['nonsense', null],
])('the address %s shows %o', (address, shown) => {
  expect(shownBy(address)).toEqual(shown);
});

test('the address is found among the arguments of a second start', () => {
  expect(addressIn(['/opt/Driftless/driftless-app', '--flag', 'driftless://trash'])).toBe('driftless://trash');
  expect(addressIn(['/opt/Driftless/driftless-app'])).toBeUndefined();
});

test('start at login is an entry of its own that starts hidden, and leaves nothing behind', async () => {
  const config = await mkdtemp(join(tmpdir(), 'driftless-login-'));
  onTestFinished(() => rm(config, { recursive: true, force: true }));
  const entry = loginEntry({ XDG_CONFIG_HOME: config }, '/opt/My "Apps"/100% driftless');
  await setLoginEntry(entry, true);
  const written = await readFile(join(config, 'autostart', 'driftless.desktop'), 'utf8');
  expect(written).toContain('Exec="/opt/My \\"Apps\\"/100%% driftless" --hidden\n');
  await setLoginEntry(entry, false);
  await setLoginEntry(entry, false);
  await expect(readFile(entry.path)).rejects.toThrow('ENOENT');
});

test('an AppImage starts itself at login, not the mount that runs', () => {
  expect(loginEntry({ APPIMAGE: '/home/kim/Driftless.AppImage' }, '/tmp/.mount_x/driftless').text).toContain(
    'Exec="/home/kim/Driftless.AppImage" --hidden',
  );
});

test('closing hides where a tray leads back, and minimises where none does', () => {
  expect(closing(true).onClose).toBe('hide');
  expect(closing(false)).toMatchObject({ onClose: 'minimise', say: expect.stringContaining('no tray') });
});
