import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

const ALBUM = 'Album artwork';
const toFolder = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: ALBUM, exact: true }).click();
  await page.getByRole('heading', { name: ALBUM }).waitFor();
};
const firstFile = (page: Page) =>
  page
    .locator('[role=option]')
    .filter({ hasText: /\.\w{3,4}/ })
    .first();
const choose = async (page: Page, entry: string): Promise<string> => {
  const file = firstFile(page);
  const name = (await file.locator('[title]').getAttribute('title')) ?? '';
  await file.click({ button: 'right' });
  await page.getByRole('menuitem', { name: entry }).click();
  return name;
};
const gone = (page: Page, name: string): Promise<void> =>
  expect.poll(() => page.locator('[role=option]').filter({ hasText: name }).count()).toBe(0);

/** Nothing of this is answered, ever: what is seen is there before the other side has said a word. */
inWindow('before any answer', (windows) => {
  test('a favourite has its star', async () => {
    const page = await windows.open('items=200&hold=nodes.favourite');
    await page.locator('#item-0').click();
    await page.keyboard.press('f');
    await page.locator('#item-0 [data-star][data-on]').waitFor();
  });

  test('a tag is on its item', async () => {
    const page = await windows.open('items=200&hold=nodes.tag');
    await page.locator('#item-1').click();
    await page.getByRole('combobox', { name: 'Add a tag' }).fill('pier');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Inspector' }).getByText('pier').waitFor();
  });

  test('a new name is shown', async () => {
    const page = await windows.open('items=200&hold=nodes.rename');
    await page.locator('#item-0').waitFor();
    await choose(page, 'Rename…');
    await page.getByRole('textbox', { name: 'Name' }).fill('Cliffs.jpg');
    await page.keyboard.press('Enter');
    await page.locator('#item-0').getByText('Cliffs.jpg').waitFor();
  });

  test('what goes to the trash is gone', async () => {
    const page = await windows.open('items=200&hold=nodes.trash');
    await page.locator('#item-0').waitFor();
    await gone(page, await choose(page, 'Move to trash'));
  });

  test('what is restored has left the trash', async () => {
    const page = await windows.open('items=200&hold=nodes.restore');
    await page.getByRole('button', { name: /^Trash/ }).click();
    await page.getByRole('listbox', { name: 'Library, 3 items' }).waitFor();
    await gone(page, await choose(page, 'Restore'));
  });

  test('a picture has its place and a hint of it, and nothing moves when it comes', async () => {
    const page = await windows.open('items=200');
    const released = Promise.withResolvers<void>();
    await page.route('**/thumbnails/**', async (route) => {
      await released.promise;
      await route.continue();
    });
    await page.reload();
    await page.locator('#item-0 canvas').waitFor();
    const places = (): Promise<readonly string[]> =>
      page.locator('[role=option], [role=option] p, [role=option] div').evaluateAll((all) =>
        all.map((one) => {
          const { x, y, width, height } = one.getBoundingClientRect();
          return [x, y, width, height].join(' ');
        }),
      );
    const before = await places();
    released.resolve();
    await page.locator('#item-0 img[data-state=there]').waitFor();
    expect(await places()).toEqual(before);
  });

  test('what is moved has left its folder', async () => {
    const page = await windows.open('items=200&hold=nodes.move');
    await toFolder(page);
    const name = await choose(page, 'Move to…');
    await page.getByRole('button', { name: 'Move to the top' }).click();
    await gone(page, name);
  });
});

inWindow('a look at what changed elsewhere', (windows) => {
  test('that does not know of a delete yet does not bring back what is deleted', async () => {
    const page = await windows.open('items=200&late=nodes.trash');
    await page.locator('#item-3').click();
    await page.keyboard.press('Delete');
    await page.getByText('is in the trash.').first().waitFor();
    await page.evaluate(() => {
      window.desk.world.add('New.jpg', 1_000, null);
      window.desk.world.onChange();
    });
    await page.locator('[role=option]').filter({ hasText: 'New.jpg' }).waitFor();
    const list = page.getByRole('listbox', { name: 'Library, 197 items' });
    await list.waitFor();
    expect(await page.locator('[role=option]').filter({ hasText: 'Cover draft warm.png' }).count()).toBe(0);
    await page.evaluate(() => window.desk.catchUp());
    await expect.poll(async () => (await asked(page, 'library.open')).length).toBe(3);
    await list.waitFor();
  });

  test('that is overtaken by a change made here does not bring back what was before', async () => {
    const page = await windows.open('items=200');
    await page.locator('#item-0').click();
    const labels = await page.evaluateHandle(() => {
      const list = document.querySelector('[data-library-list]');
      const heard: (string | null | undefined)[] = [];
      const hear = (): void => void heard.push(list?.ariaLabel);
      if (list) new MutationObserver(hear).observe(list, { attributes: true, attributeFilter: ['aria-label'] });
      return heard;
    });
    await page.evaluate(() => {
      // The list has been read, and is on its way, when the person presses the key.
      window.desk.afterNext('library.open', () => {
        const pressed = new KeyboardEvent('keydown', { key: 'Delete', bubbles: true });
        document.querySelector('[data-library-list]')?.dispatchEvent(pressed);
      });
      window.desk.world.onChange();
    });
    await page.getByText('is in the trash.').first().waitFor();
    await expect.poll(async () => (await asked(page, 'library.open')).length).toBe(3);
    await expect.poll(() => page.evaluate(() => window.desk.world.openViews)).toBe(1);
    expect(await labels.jsonValue()).toEqual(['Library, 196 items']);
  });

  const titleOf = (page: Page, tile: string): Promise<string | null> =>
    page.locator(`${tile} [title]`).first().getAttribute('title');
  const add = (page: Page): Promise<void> =>
    page.evaluate(() => {
      window.desk.world.add('New.jpg', 1_000, null);
      window.desk.world.onChange();
    });

  test('leaves alone what a dialog is about to act upon', async () => {
    const page = await windows.open('items=200');
    await page.locator('#item-1').click();
    const meant = await titleOf(page, '#item-1');
    await page.keyboard.press('t');
    const dialog = page.getByRole('dialog', { name: 'Tags of 1 item' });
    await dialog.waitFor();
    await add(page);
    await page.keyboard.type('nig');
    await page.getByRole('option', { name: 'night' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.locator('[role=option]').filter({ hasText: 'New.jpg' }).waitFor();
    const [input] = (await asked(page, 'nodes.tag')) as { readonly ids: readonly string[] }[];
    expect(await page.evaluate((id) => window.desk.world.get(id as never)?.name, input?.ids[0] ?? '')).toBe(meant);
  });

  test('does not forget what is selected meanwhile', async () => {
    const page = await windows.open('items=200');
    await page.locator('#item-1').click();
    const meant = await titleOf(page, '#item-4');
    await page.evaluate(() =>
      window.desk.afterNext('library.indexOf', () => {
        const point = { bubbles: true, cancelable: true, button: 0, isPrimary: true };
        const tile = document.querySelector('#item-4 [title]');
        for (const type of ['pointerdown', 'pointerup']) tile?.dispatchEvent(new PointerEvent(type, point));
        tile?.dispatchEvent(new MouseEvent('click', point));
      }),
    );
    await add(page);
    await page.locator('[role=option]').filter({ hasText: 'New.jpg' }).waitFor();
    expect(await titleOf(page, '[role=option][aria-selected=true]')).toBe(meant);
  });
});

inWindow('the toast', (windows) => {
  test.each([
    ['nodes.trash', 'nodes.restore', 'Move to trash'],
    ['nodes.move', 'nodes.move', 'Move to…'],
  ])('after %s brings it back by %s', async (done, undone, entry) => {
    const page = await windows.open('items=200');
    await toFolder(page);
    const name = await choose(page, entry);
    if (entry === 'Move to…') await page.getByRole('button', { name: 'Move to the top' }).click();
    await gone(page, name);
    const before = await asked(page, undone);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('[role=option]').filter({ hasText: name }).first().waitFor();
    expect(await asked(page, done)).not.toEqual([]);
    expect((await asked(page, undone)).length).toBe(before.length + 1);
  });
});
