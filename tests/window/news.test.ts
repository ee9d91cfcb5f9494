import { expect, onTestFinished, test } from 'vitest';
import type { NodeId } from '../../shared/ids.ts';
import type {} from '../doubles/desk/page.ts';
import { browserPath } from './harness/chromium.ts';
import { openTab } from './harness/tabs.ts';
import { asked, inWindow, NOW } from './harness/window.ts';

/** A thousand items down the list. */
const FAR = '019a0000-0000-7000-8000-0000000003e8' as NodeId;

/** Longer than the window ever puts off what it has heard. */
const LONG_MS = 2_500;

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

  test('a hidden window changes and lays out nothing, whatever comes, and shows all of it once it is seen', async () => {
    const tab = await openTab(browserPath() ?? '', `${windows.address}/?now=${NOW}&items=400`);
    onTestFinished(() => tab.close());
    const seen = (): Promise<string> => tab.evaluate('document.visibilityState');
    const work = async () => ({
      mutations: await tab.evaluate('window.mutations'),
      asked: await tab.evaluate('window.desk.asked.length'),
      styles: await tab.metric('RecalcStyleCount'),
      layouts: await tab.metric('LayoutCount'),
    });

    await expect.poll(() => tab.evaluate("document.querySelector('#item-0') !== null"), { timeout: 20_000 }).toBe(true);
    await tab.evaluate(`
      window.mutations = 0;
      new MutationObserver((all) => { window.mutations += all.length })
        .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      window.news = () => {
        window.desk.world.add('New ' + Math.random() + '.jpg', 1000, null);
        window.desk.world.onChange();
        window.desk.change({ transfers: { revision: Math.random(), active: 7, waiting: 20, failed: 1, done: 0 } });
      };
    `);
    const atFirst = await work();
    await tab.evaluate('window.news()');
    await expect.poll(async () => (await work()).mutations).toBeGreaterThan(Number(atFirst.mutations));
    await tab.hide();
    await expect.poll(seen).toBe('hidden');
    await new Promise((later) => setTimeout(later, LONG_MS));

    const before = await work();
    for (let n = 0; n < 20; n += 1) await tab.evaluate('window.news()');
    await new Promise((later) => setTimeout(later, LONG_MS));
    expect(await work()).toEqual(before);

    await tab.show();
    await expect.poll(seen).toBe('visible');
    await expect
      .poll(() => tab.evaluate("document.querySelector('[role=listbox]').ariaLabel"), { timeout: 10_000 })
      .toBe('Library, 418 items');
  });

  test('a fault of the window itself says that nothing is lost, and is over after a reload', async () => {
    const page = await windows.open('items=40', { faulty: true });
    await page.locator('#item-0').waitFor();
    await page.evaluate(() => window.desk.change({ library: { byType: null } as never }));
    await page.getByRole('alert').getByText('Your files are safe').waitFor();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.locator('#item-0').waitFor();
    expect(await page.getByText('This window stopped').count()).toBe(0);
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
