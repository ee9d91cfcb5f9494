import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { type TrayAction, type TrayIcon, trayPicture } from '../../main/app/tray/picture.ts';
import { openTray, type TrayParts } from '../../main/app/tray/tray.ts';
import { hasTray } from '../../main/app/tray/trayHost.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { NodeId } from '../../shared/ids.ts';
import { calm, storage, view } from './snapshot.ts';

const NOW = Date.UTC(2026, 10, 20, 14, 2);
const ID = NodeId.parse('0190a0b0-0000-7000-8000-000000000001');
const labels = (snapshot: Snapshot): string[] =>
  trayPicture(snapshot, NOW).menu.map((line) => (line.type === 'separator' ? '-' : line.label));

test.each<[TrayIcon, Partial<Snapshot>]>([
  ['ok', {}],
  ['syncing', { sync: view('syncing') }],
  ['syncing', { sync: null }],
  ['paused', { sync: view('paused') }],
  ['offline', { sync: view('offline') }],
  ['attention', { sync: view('waiting', { held: 1 }) }],
  ['attention', { sync: view('halted') }],
  ['attention', { trouble: 'The engine stopped.' }],
  ['attention', { storage: storage(800) }],
  ['syncing', { sync: view('syncing'), storage: storage(1_000) }],
])('the icon is %s for %o', (icon, more) => {
  expect(trayPicture(calm(more), NOW).icon).toBe(icon);
});

test('the menu says how things stand, and opens everything that matters', () => {
  const recent = [{ id: ID, name: 'cliffs.jpg' }];
  const library = { ...calm().library, recent };
  expect(labels(calm({ library, storage: storage(250), problems: { ...calm().problems, count: 2 } }))).toEqual([
    'Open Driftless',
    '-',
    'All synced',
    '250 B of 1.0 KB',
    '-',
    'cliffs.jpg',
    '-',
    'Pause for 1 hour',
    'Pause until tomorrow',
    '-',
    'Open folder',
    'Problems (2)',
    'Settings',
    '-',
    'Quit',
  ]);
});

test('a paused app offers to resume, and nothing else about pausing', () => {
  const found = labels(calm({ sync: view('paused') }));
  expect(found).toContain('Resume');
  expect(found.filter((label) => label.startsWith('Pause for'))).toEqual([]);
});

test('a long name is shortened in the middle, where it says least', () => {
  const recent = [{ id: ID, name: `${'a'.repeat(60)} final v3.mov` }];
  const [name] = labels(calm({ library: { ...calm().library, recent } })).filter((label) => label.includes('…'));
  expect([name?.length, name?.endsWith('final v3.mov')]).toEqual([39, true]);
});

/** A desktop's tray that notes what is done to it. */
function desktop() {
  const done: string[] = [];
  const acts: TrayAction[] = [];
  let template: MenuItemConstructorOptions[] = [];
  const parts = {
    createTray: () => ({
      on: () => undefined,
      setImage: (image: unknown) => done.push(`image ${image}`),
      setToolTip: () => done.push('tooltip'),
      setContextMenu: () => done.push('menu'),
      destroy: () => done.push('gone'),
    }),
    buildMenu: (items: MenuItemConstructorOptions[]) => {
      template = items;
      return items;
    },
    image: (icon: TrayIcon) => icon,
    act: (action: TrayAction) => acts.push(action),
  } as unknown as TrayParts;
  return { parts, done, acts, template: () => template };
}

test('the same picture drawn again touches nothing', () => {
  const { parts, done } = desktop();
  const tray = openTray(parts, trayPicture(calm(), NOW));
  done.length = 0;
  tray.draw(trayPicture(calm(), NOW));
  expect(done).toEqual([]);
  tray.draw(trayPicture(calm({ sync: view('offline') }), NOW));
  expect(done).toEqual(['image offline', 'tooltip', 'menu']);
});

test('a click on a line does what it says; a line that only says something cannot be clicked', () => {
  const { parts, acts, template } = desktop();
  openTray(parts, trayPicture(calm(), NOW));
  const find = (label: string) => template().find((item) => item.label === label);
  find('Pause for 1 hour')?.click?.(undefined as never, undefined as never, undefined as never);
  expect(acts).toEqual([{ do: 'pause', until: 'hour' }]);
  expect(find('All synced')).toMatchObject({ enabled: false });
});

test('Linux has a tray when the desktop shows one, and other systems always have', async () => {
  expect(await hasTray('linux', async (name) => name === 'org.kde.StatusNotifierWatcher')).toBe(true);
  expect(await hasTray('linux', async () => false)).toBe(false);
  expect(await hasTray('linux', () => Promise.reject(new Error('no bus')))).toBe(false);
  expect(await hasTray('darwin', async () => false)).toBe(true);
});
