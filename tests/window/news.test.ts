import { expect, test } from 'vitest';
import type { NodeId } from '../../shared/ids.ts';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

/** A thousand items down the list. */
const FAR = '019a0000-0000-7000-8000-0000000003e8' as NodeId;

inWindow('when things change elsewhere', (windows) => {
  test('the list stays where it is and keeps what is selected, by what it is', async () => {
    const page = await windows.open('items=4000');
    await page.locator('#item-0').waitFor();
    await page.evaluate((id) => window.desk.show({ show: 'item', id }), FAR);
    const chosen = page.locator('[role=option][aria-selected=true]');
    await chosen.waitFor();
    const [name, top] = [await chosen.textContent(), (await chosen.boundingBox())?.y];
    await page.evaluate(() => {
      for (const at of [1, 2, 3, 4, 5]) window.desk.world.add(`New ${at}.jpg`, 1_000, null);
      window.desk.world.onChange();
    });
    await page.getByRole('listbox', { name: 'Library, 4,002 items' }).waitFor();
    expect(await chosen.textContent()).toBe(name);
    expect(Math.abs(((await chosen.boundingBox())?.y ?? 0) - (top ?? 0))).toBeLessThan(2);
  });

  test('no view is left open behind', async () => {
    const page = await windows.open('items=400');
    await page.locator('#item-0').waitFor();
    for (const name of [/^Videos/, /^Images/, /^Library/]) {
      await page.getByRole('button', { name }).first().click();
    }
    await page.evaluate(() => window.desk.world.onChange());
    await expect.poll(() => page.evaluate(() => window.desk.world.openViews)).toBe(1);
  });

  test('a message that was lost is noticed, and all is asked for anew', async () => {
    const page = await windows.open('items=400&state=synced');
    await page.locator('#item-0').waitFor();
    await page.evaluate(() => {
      window.desk.lose();
      window.desk.change({ trouble: 'The engine stopped: restart Driftless.' });
    });
    await page.getByText('The engine stopped: restart Driftless.').first().waitFor();
  });

  test('while nobody looks nothing is drawn, and all of it once somebody does', async () => {
    const page = await windows.open('items=400&state=synced');
    await page.locator('#item-0').waitFor();
    const hide = (hidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await page.evaluate(() => window.desk.change({ trouble: 'Something is wrong: look here.' }));
    expect(await page.getByText('Something is wrong: look here.').count()).toBe(0);
    await hide(false);
    await page.getByText('Something is wrong: look here.').first().waitFor();
  });

  test('what the tray asks to be shown is shown', async () => {
    const page = await windows.open('items=400&problems=1');
    await page.locator('#item-0').waitFor();
    await page.evaluate(() => window.desk.show({ show: 'problems' }));
    await page.getByRole('heading', { name: 'Problems', level: 1 }).waitFor();
  });

  test('an item that is asked to be shown is found, selected and in sight', async () => {
    const page = await windows.open('items=4000');
    await page.locator('#item-0').waitFor();
    await page.evaluate((id) => window.desk.show({ show: 'item', id }), FAR);
    const shown = page.locator('[role=option][aria-selected=true]');
    await shown.waitFor();
    expect(await asked(page, 'library.indexOf')).toContainEqual(expect.objectContaining({ id: FAR }));
    const box = await shown.boundingBox();
    expect(box?.y).toBeGreaterThan(60);
    expect(box?.y).toBeLessThan(800);
  });

  test('a chosen theme holds at once, and before anything of the next page is painted', async () => {
    const page = await windows.open('items=40');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.locator('html[data-appearance=dark]').waitFor();
    // The next page never gets to draw itself.
    await page.route('**/*.js', (route) =>
      route.request().url().includes('appearance')
        ? route.continue()
        : route.fulfill({ contentType: 'text/javascript', body: '' }),
    );
    await page.reload();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(23, 23, 22)');
  });
});
