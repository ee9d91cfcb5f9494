import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

/** What is counted here holds on every machine; how long it takes is measured by the benchmark. */
inWindow('fifty thousand items', (windows) => {
  test('are shown after one question and one page of rows', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0:has([title])').waitFor();
    expect(await asked(page, 'library.open')).toHaveLength(1);
    expect(await asked(page, 'library.rows')).toEqual([{ view: 1, from: 0, to: 100 }]);
  });

  test('are scrolled in a bounded document, reading a bounded number of rows', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0').waitFor();
    expect(await elementsWhileScrolling(page, '[data-library-list]')).toBeLessThan(2_500);
    expect((await asked(page, 'library.rows')).length).toBeLessThan(200);
  });

  test('end where End goes to, without reading what lies between', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0').click();
    const before = (await asked(page, 'library.rows')).length;
    await page.keyboard.press('End');
    await page.locator('[role=option][aria-selected=true]:has([title])').waitFor();
    expect((await asked(page, 'library.rows')).length - before).toBeLessThanOrEqual(3);
  });

  test('stay as they are drawn when one of them is selected, but for that one and the one before', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0').click();
    const touched = await touchedIn(page, async () => {
      await page.keyboard.press('ArrowRight');
      await page.locator('#item-1[aria-selected=true]').waitFor();
    });
    expect(touched).toEqual(['', 'item-0', 'item-1']);
  });

  test('are not drawn again by news of the sync', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0:has([title])').waitFor();
    const touched = await touchedIn(page, async () => {
      for (let n = 1; n <= 20; n += 1) {
        await page.evaluate((itemsDone) => {
          const { sync } = window.desk.now();
          if (sync !== null) window.desk.change({ sync: { ...sync, itemsDone, itemsTotal: 90 } });
        }, n);
      }
      await page.getByText('Uploading 21 of 90').first().waitFor();
    });
    expect(touched).toEqual([]);
  });
});

inWindow('twenty thousand transfers', (windows) => {
  test('are scrolled in a bounded document while they change ten times a second', async () => {
    const page = await windows.open('items=200&transfers=20000');
    await page.getByRole('button', { name: /^Transfers/ }).click();
    await page.getByText('19,997').first().waitFor();
    await page.evaluate(() => {
      let revision = 1;
      setInterval(() => {
        revision += 1;
        window.desk.change({ transfers: { revision, active: 3, waiting: 19_997, failed: 0, done: 40 } });
      }, 100);
    });
    expect(await elementsWhileScrolling(page, 'main ul')).toBeLessThan(1_500);
  });

  test('that change are read again as far as they are in sight', async () => {
    const page = await windows.open('items=200&transfers=20000');
    await page.getByRole('button', { name: /^Transfers/ }).click();
    await page.getByText('Coastline film / stills').first().waitFor();
    const before = (await asked(page, 'transfers.rows')).length;
    await page.evaluate(() =>
      window.desk.change({ transfers: { revision: 2, active: 3, waiting: 19_997, failed: 0, done: 40 } }),
    );
    const again = async () => (await asked(page, 'transfers.rows')).slice(before);
    await expect.poll(again).toEqual([
      { group: 'active', from: 0, to: 100 },
      { group: 'waiting', from: 0, to: 100 },
    ]);
  });
});

/** Ids of the elements of the list that change while something is done; of the list itself it is empty. */
async function touchedIn(page: Page, act: () => Promise<void>): Promise<readonly string[]> {
  const watching = await page.evaluateHandle(() => {
    const list = document.querySelector('[data-library-list]');
    const touched = new Set<string>();
    const observer = new MutationObserver((all) => {
      for (const { target } of all) {
        const element = target instanceof Element ? target : target.parentElement;
        touched.add(element?.closest('[role=option]')?.id ?? '');
      }
    });
    if (list !== null)
      observer.observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
    return touched;
  });
  await act();
  return page.evaluate((touched) => [...touched].sort(), watching);
}

/** Scrolls what `inside` lies in for 120 frames, fast and slow; how many elements there were at most. */
function elementsWhileScrolling(page: Page, inside: string): Promise<number> {
  return page.evaluate(async (selector) => {
    const scroller = document.querySelector(selector)?.parentElement;
    if (!scroller) throw new Error('There is nothing to scroll.');
    let most = 0;
    for (let at = 0; at < 120; at += 1) {
      scroller.scrollTop += at < 80 ? 90 : 3_000;
      await new Promise((next) => requestAnimationFrame(next));
      most = Math.max(most, document.querySelectorAll('*').length);
    }
    return most;
  }, inside);
}
