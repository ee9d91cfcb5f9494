import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

const selected = (page: Page): Promise<readonly string[]> =>
  page.locator('[role=option][aria-selected=true]').evaluateAll((all) => all.map(({ id }) => id));

inWindow('with a pointer', (windows) => {
  test('click, Ctrl and Shift choose as everywhere', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-1').click();
    await page.locator('#item-3').click({ modifiers: ['Control'] });
    await page.locator('#item-5').click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual(['item-1', 'item-3', 'item-4', 'item-5']);
  });

  test('a rubber band chooses what it touches', async () => {
    const page = await windows.open('items=400');
    const heading = await page.getByText('This week').boundingBox();
    const tile = await page.locator('#item-6').boundingBox();
    if (heading === null || tile === null) throw new Error('nothing to draw a band around');
    await page.mouse.move(heading.x + 300, heading.y + 10);
    await page.mouse.down();
    await page.mouse.move(tile.x + tile.width + 20, tile.y + 20, { steps: 6 });
    await page.mouse.up();
    expect(await selected(page)).toEqual(['item-6', 'item-7', 'item-11', 'item-12']);
  });

  test('the star on a picture makes it a favourite without choosing it', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').hover();
    await page.locator('#item-0 [data-star]').click();
    await page.locator('#item-0 [data-star][data-on]').waitFor();
    expect(await selected(page)).toEqual([]);
  });

  test('the menu acts upon the selection it is opened on', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').click();
    await page.locator('#item-2').click({ modifiers: ['Shift'] });
    await page.locator('#item-1').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move to trash' }).click();
    await page.getByText('3 items are in the trash.').first().waitFor();
  });

  test('what is dropped says where it lands and how many, and is brought in', async () => {
    const page = await windows.open('items=400');
    await page.getByRole('button', { name: 'Album artwork', exact: true }).click();
    await page.getByRole('heading', { name: 'Album artwork' }).waitFor();
    const transfer = await page.evaluateHandle(() => {
      const made = new DataTransfer();
      for (const name of ['one.jpg', 'two.jpg']) made.items.add(new File(['x'], name));
      return made;
    });
    const list = page.getByRole('listbox');
    await list.dispatchEvent('dragenter', { dataTransfer: transfer });
    await list.dispatchEvent('dragover', { dataTransfer: transfer });
    await page.getByText('Add 2 items to this folder').waitFor();
    await list.dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByText('Added 2 files.').first().waitFor();
    const added = await page.evaluate(() => window.desk.world.nodes.filter(({ name }) => name === 'two.jpg'));
    expect(added).toEqual([expect.objectContaining({ path: ['Album artwork'] })]);
  });

  test('the library is there again after another place', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Library/ }).click();
    await page.locator('#item-0:has([title])').waitFor();
  });

  test('real files are dragged out by their ids', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').click();
    await page.locator('#item-1').click({ modifiers: ['Shift'] });
    await page.locator('#item-1').dispatchEvent('dragstart', {
      dataTransfer: await page.evaluateHandle(() => new DataTransfer()),
    });
    expect(await page.evaluate(() => window.desk.draggedOut.length)).toBe(2);
  });

  test('in a browser what would be copied is downloaded, each file by its name', async () => {
    const page = await windows.open('items=400&host=browser');
    const names: string[] = [];
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await page.locator('#item-0').click();
    await page.locator('#item-1').click({ modifiers: ['Shift'] });
    await page.locator('#item-1').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Download' }).click();
    await page.getByText('Downloading 2 files.').first().waitFor();
    await expect.poll(() => names.toSorted()).toEqual(['DJI_0412 cliffs at dawn.jpg', 'Harbour panorama.jpg']);
  });

  test('more than a browser can take at once is said and not begun', async () => {
    const page = await windows.open('items=400&host=browser');
    await page.locator('#item-0').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.getByText('A browser downloads files only, and 20 at once: select fewer.').first().waitFor();
  });

  test('why a transfer failed is said to its end, also in a small window', async () => {
    const page = await windows.open('items=40&problems=1', { width: 360, height: 740 });
    await page.evaluate(() => window.desk.show({ show: 'transfers' }));
    const said = page.getByText('Next try 14:08.').first();
    await said.waitFor();
    const cut = await said.evaluate(
      (note) => note.scrollHeight > note.clientHeight || note.scrollWidth > note.clientWidth,
    );
    expect(cut).toBe(false);
    const [first, second] = await page
      .locator('[data-group=failed]')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
    expect((second?.top ?? 0) - (first?.bottom ?? 0)).toBeGreaterThan(-1);
  });

  test('a small window has its places in a drawer, and the inspector in a sheet', async () => {
    const page = await windows.open('items=400', { width: 360, height: 740 });
    await page.getByRole('button', { name: 'Show sidebar' }).click();
    await page.getByRole('button', { name: /^Videos/ }).click();
    await page.locator('#item-0').click();
    await page.getByRole('button', { name: 'Inspector' }).click();
    await page.getByRole('dialog', { name: 'Inspector' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test('a link is made for a while that is chosen', async () => {
    const page = await windows.open('items=400', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('#item-0').click();
    await page.getByRole('button', { name: 'Copy a link' }).click();
    await page.getByRole('menuitem', { name: 'For a week' }).click();
    await page.getByText('The link is on the clipboard.').first().waitFor();
    expect(await asked(page, 'links.create')).toEqual([expect.objectContaining({ seconds: 604_800 })]);
  });
});
