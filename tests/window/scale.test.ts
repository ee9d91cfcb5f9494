import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

/** What is measured is the best of so many: the machine may be busy with something else. */
const ROUNDS = 3;

inWindow('fifty thousand items', (windows) => {
  test('are there to be used within a second and a half', async () => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS && best > 1_000; round++) {
      const page = await windows.open('items=50000');
      await page.locator('#item-0:has([title])').waitFor();
      best = Math.min(best, await page.evaluate(() => performance.now()));
      await page.context().close();
    }
    console.log(`50,000 items usable after ${Math.round(best)} ms`);
    expect(best).toBeLessThanOrEqual(1_500);
  });

  test('are scrolled without the page holding still, in a bounded document', async () => {
    let worst = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS && worst > 50; round++) {
      const page = await windows.open('items=50000');
      await page.locator('#item-0').waitFor();
      const { longest, frames, nodes } = await scrolled(page, '[data-library-list]');
      console.log(`scrolling: ${frames} frames, longest task ${Math.round(longest)} ms, ${nodes} elements at most`);
      worst = Math.min(worst, longest);
      expect(nodes).toBeLessThan(2_500);
      expect((await asked(page, 'library.rows')).length).toBeLessThan(200);
      await page.context().close();
    }
    expect(worst).toBeLessThanOrEqual(50);
  });

  test('end where End goes to, without reading what lies between', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0').click();
    const before = (await asked(page, 'library.rows')).length;
    await page.keyboard.press('End');
    await page.locator('[role=option][aria-selected=true]:has([title])').waitFor();
    expect((await asked(page, 'library.rows')).length - before).toBeLessThanOrEqual(3);
  });
});

inWindow('twenty thousand transfers', (windows) => {
  test('stay smooth while they change ten times a second', async () => {
    let worst = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS && worst > 50; round++) {
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
      const { longest, frames, nodes } = await scrolled(page, 'main ul');
      console.log(`transfers: ${frames} frames, longest task ${Math.round(longest)} ms, ${nodes} elements at most`);
      worst = Math.min(worst, longest);
      expect(nodes).toBeLessThan(1_500);
      await page.context().close();
    }
    expect(worst).toBeLessThanOrEqual(50);
  });
});

/** Scrolls what `inside` lies in for 120 frames, fast and slow, and watches. */
function scrolled(page: Page, inside: string) {
  return page.evaluate(async (selector) => {
    const scroller = document.querySelector(selector)?.parentElement;
    if (!scroller) throw new Error('There is nothing to scroll.');
    let longest = 0;
    let nodes = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask' });
    const frame = (): Promise<number> => new Promise((next) => requestAnimationFrame(next));
    await frame();
    const FRAMES = 120;
    for (let at = 0; at < FRAMES; at++) {
      scroller.scrollTop += at < 80 ? 90 : 3_000;
      await frame();
      nodes = Math.max(nodes, document.querySelectorAll('*').length);
    }
    await frame();
    return { longest, frames: FRAMES, nodes };
  }, inside);
}
