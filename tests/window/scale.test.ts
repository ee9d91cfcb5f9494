import type { CDPSession, Page } from 'playwright';
import { expect, test } from 'vitest';
import type {} from '../doubles/desk/page.ts';
import { asked, inWindow } from './harness/window.ts';

inWindow('fifty thousand items', (windows) => {
  test('are there to be used within a second and a half of the processor', async () => {
    const page = await windows.open('items=50000');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await tasks(session);
    await page.reload();
    await page.locator('#item-0:has([title])').waitFor();
    const spent = (await tasks(session)) - before;
    console.log(`50,000 items usable after ${Math.round(spent)} ms of the processor`);
    expect(spent).toBeGreaterThan(20);
    expect(spent).toBeLessThanOrEqual(1_500);
  });

  test('are scrolled in a bounded document, reading a bounded number of rows', async () => {
    const page = await windows.open('items=50000');
    await page.locator('#item-0').waitFor();
    const { longest, nodes } = await scrolled(page, '[data-library-list]');
    console.log(`scrolling 50,000 items: longest task ${Math.round(longest)} ms, ${nodes} elements at most`);
    expect(nodes).toBeLessThan(2_500);
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
    const { longest, nodes } = await scrolled(page, 'main ul');
    console.log(`scrolling 20,000 transfers: longest task ${Math.round(longest)} ms, ${nodes} elements at most`);
    expect(nodes).toBeLessThan(1_500);
  });
});

/** How long a page's tasks have used the processor, in milliseconds. */
async function tasks(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** Scrolls what `inside` lies in for 120 frames, fast and slow. How long tasks took is told, not judged: others work too. */
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
    for (let at = 0; at < 120; at++) {
      scroller.scrollTop += at < 80 ? 90 : 3_000;
      await frame();
      nodes = Math.max(nodes, document.querySelectorAll('*').length);
    }
    await frame();
    return { longest, nodes };
  }, inside);
}
