import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { SHORTCUTS, selected, selects } from './harness/shortcuts.ts';
import { asked, inWindow } from './harness/window.ts';

const toList = async (page: Page): Promise<void> => {
  await page.locator('#item-0').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('listbox').and(page.locator(':focus')).waitFor();
};
/** Told of below, because it needs the trash. */
const BELOW = ['R'];

inWindow('by the keyboard alone', (windows) => {
  test('every shortcut that the window lists does what it says', async () => {
    const page = await windows.open('items=40');
    await toList(page);
    for (const { keys, comes } of SHORTCUTS) {
      await page.getByRole('listbox').focus();
      await page.keyboard.press('Home');
      await selects(0)(page);
      for (const key of keys) await page.keyboard.press(key);
      await comes(page).catch((cause: unknown) => {
        throw new Error(`${keys.join(', ')} did not.`, { cause });
      });
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    const listed = await page
      .locator('dt')
      .evaluateAll((all) => all.map(({ children }) => [...children].map((key) => key.textContent).join(' ')));
    const tried = [...SHORTCUTS.map((one) => one.listed), ...BELOW].map((keys) => keys.replace('Mod', 'Ctrl'));
    expect(new Set(listed)).toEqual(new Set(tried));
  });

  test('the list is walked, looked into, and left where one was', async () => {
    const page = await windows.open('items=400');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await selected(page)).toEqual(['item-1']);
    await page.keyboard.press('Space');
    await page.getByRole('dialog', { name: 'Harbour panorama.jpg' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Night swim grade v3.mov' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    expect(await selected(page)).toEqual(['item-3']);
  });

  test('everything is selected as one range, and trashed, and brought back', async () => {
    const page = await windows.open('items=20000');
    await toList(page);
    await page.keyboard.press('Control+a');
    await page.getByRole('heading', { name: '19,997 items' }).waitFor();
    expect(await asked(page, 'library.ids')).toEqual([]);
    await page.keyboard.press('Delete');
    await page.getByText('19,997 items are in the trash.').waitFor();
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.locator('#item-0').waitFor();
  });

  test('a favourite shows at once, and is taken back with a reason when it is refused', async () => {
    const page = await windows.open('items=400&refuse=nodes.favourite');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('f');
    await page.getByText('That did not work: try again in a moment.').first().waitFor();
    await page.locator('#item-0 [data-star]:not([data-on])').waitFor();
  });

  test('a favourite stays when it is agreed', async () => {
    const page = await windows.open('items=400');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('f');
    await page.locator('#item-0 [data-star][data-on]').waitFor();
    expect(await asked(page, 'nodes.favourite')).toHaveLength(1);
  });

  test('tags are added with completion', async () => {
    const page = await windows.open('items=400');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('t');
    await page.getByRole('dialog', { name: 'Tags of 1 item' }).waitFor();
    await page.keyboard.type('nig');
    await page.getByRole('option', { name: 'night' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Done' }).press('Enter');
    await page.getByText('Tagged 1 item.').first().waitFor();
    expect(await asked(page, 'nodes.tag')).toEqual([expect.objectContaining({ add: ['night'], remove: [] })]);
  });

  test('a new name is typed over the old one, and leaves the extension', async () => {
    const page = await windows.open('items=400');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Rename…' }).press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Cliffs');
    await page.keyboard.press('Enter');
    await page.getByText('DJI_0412 cliffs at dawn.jpg is called Cliffs.jpg now.').first().waitFor();
  });

  test('search narrows while one types, and the arrow goes to what was found', async () => {
    const page = await windows.open('items=4000');
    await page.locator('#item-0').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('harbour panorama');
    await page.getByRole('listbox', { name: 'Library, 1 item' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    expect(await selected(page)).toEqual(['item-0']);
  });

  test('a name that is typed is gone to', async () => {
    const page = await windows.open('items=400');
    await toList(page);
    await page.keyboard.press('Home');
    await page.keyboard.type('loop');
    await page.getByRole('option', { name: /^Loop study/, selected: true }).waitFor();
  });

  test('the palette takes one anywhere', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('transf');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Transfers', level: 1 }).waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });

  test('what is in the trash is restored with R, and deleted for good only after a yes', async () => {
    const page = await windows.open('items=400');
    await page.getByRole('button', { name: /^Trash/ }).press('Enter');
    await page.getByRole('heading', { name: 'Trash', level: 1 }).waitFor();
    await page.getByRole('listbox', { name: 'Library, 3 items' }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('r');
    await page.getByRole('listbox', { name: 'Library, 2 items' }).waitFor();
    await page.keyboard.press('Delete');
    expect(await asked(page, 'nodes.purge')).toEqual([]);
    await page.getByRole('button', { name: 'Empty the trash…' }).press('Enter');
    await page.getByRole('button', { name: 'Delete for good' }).press('Enter');
    await page.getByRole('heading', { name: 'The trash is empty' }).waitFor();
  });

  test('deletes that wait are kept by one button, and let happen by the other', async () => {
    const page = await windows.open('items=400&problems=1');
    await page.getByRole('button', { name: /^Problems/ }).press('Enter');
    await page.getByText('Did you mean to delete 1,240 files?').waitFor();
    await page.getByRole('button', { name: 'Keep the files' }).press('Enter');
    await page.getByText('They are kept, and come back everywhere.').first().waitFor();
    expect(await asked(page, 'deletes.decide')).toEqual([{ direction: 'local', happen: false }]);
  });

  test('a conflict is resolved for one, and for all', async () => {
    const page = await windows.open('items=400&problems=1');
    await page.getByRole('button', { name: /^Problems/ }).press('Enter');
    await page.getByRole('button', { name: 'For all' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Keep both of each' }).press('Enter');
    await page.getByRole('heading', { name: 'Changed in two places' }).waitFor({ state: 'detached' });
    expect(await asked(page, 'conflict.resolve')).toEqual([{ ids: 'all', keep: 'both' }]);
  });

  test('the first run leads into the library in two steps', async () => {
    const page = await windows.open('items=40&state=first-run');
    await page.getByRole('heading', { name: 'Welcome to Driftless' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await page.getByRole('button', { name: 'Start syncing' }).press('Enter');
    await page.locator('#item-0').waitFor();
    expect(await asked(page, 'setup.begin')).toEqual([{ server: { kind: 'own' } }]);
  });

  test('the first run connects to a server by its address and a code, and says in place what is wrong', async () => {
    const page = await windows.open('items=40&state=first-run&host=browser&refuse=setup.begin');
    await page.getByText('start Driftless again with --folder').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await page.getByRole('radio', { name: /On a server/ }).press('Space');
    await page.getByLabel('Address of the server').fill('files.example.org');
    await page.getByLabel('Code from another device').fill('7KQM-2D9X');
    await page.getByLabel('Code from another device').press('Enter');
    await page.getByRole('alert').filter({ hasText: 'That did not work: try again in a moment.' }).waitFor();
    const server = { kind: 'code', address: 'https://files.example.org', code: '7KQM-2D9X' };
    expect(await asked(page, 'setup.begin')).toEqual([{ server }]);
  });

  test('a server that has a sign-in page offers it, and others do not', async () => {
    const page = await windows.open('items=40&state=first-run');
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await page.getByRole('radio', { name: /On a server/ }).press('Space');
    await page.getByLabel('Address of the server').fill('files.example.org');
    await page.getByRole('button', { name: 'Password' }).waitFor();
    expect(await page.getByRole('button', { name: 'Sign-in page' }).count()).toBe(0);
    await page.getByLabel('Address of the server').fill('clerk.example.org');
    await page.getByRole('button', { name: 'Sign-in page' }).press('Enter');
    await page.getByText('you come back here signed in').waitFor();
  });

  test('signing out says what happens, and leads to signing in again', async () => {
    const page = await windows.open('items=40&state=synced&own=0');
    await page.getByRole('button', { name: /^Settings/ }).press('Enter');
    await page.getByRole('button', { name: 'Sign out…' }).press('Enter');
    await page.getByText('Your files stay in the folder and on the server').waitFor();
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().press('Enter');
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor();
    expect(await page.getByLabel('Address of the server').inputValue()).toBe('https://files.example.org');
  });

  test('another server is used after a question, and by code', async () => {
    const page = await windows.open('items=40&state=synced');
    await page.getByRole('button', { name: /^Settings/ }).press('Enter');
    await page.getByRole('button', { name: 'Use another server…' }).press('Enter');
    await page.getByText('Nothing is deleted').waitFor();
    await page.getByLabel('Address of the server').fill('localhost:3007');
    await page.getByLabel('Code from another device').fill('7KQM-2D9X');
    await page.getByLabel('Code from another device').press('Enter');
    await page.getByText('You are connected.').first().waitFor();
    const server = { kind: 'code', address: 'http://localhost:3007', code: '7KQM-2D9X' };
    expect(await asked(page, 'setup.begin')).toEqual([{ server }]);
  });
});
