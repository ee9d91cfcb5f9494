import type { Page } from 'playwright';
import { median } from '../table.ts';

/** Long enough to be seen: what takes longer keeps a frame from the screen. */
const MISSED_MS = 25;

export interface Scrolling {
  readonly frames: number;
  readonly median: number;
  readonly missed: number;
  readonly longTasks: number;
  readonly longest: number;
}

/** From the beginning of the navigation to the frame after the first item is drawn with its name, in ms. */
export async function untilUsable(page: Page, address: string): Promise<number> {
  await page.addInitScript(() => {
    const look = (): void => {
      if (document.querySelector('#item-0 [title]') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => performance.mark('usable'));
    };
    requestAnimationFrame(look);
  });
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0, null, { timeout: 60_000 });
  return page.evaluate(() => performance.getEntriesByName('usable')[0]?.startTime ?? Number.NaN);
}

/** Scrolls what `inside` lies in at the speed of a finger, then of a flick. */
export async function scrolled(page: Page, inside: string): Promise<Scrolling> {
  const { frames, tasks } = await page.evaluate(async (selector) => {
    const scroller = document.querySelector(selector)?.parentElement;
    if (!scroller) throw new Error('There is nothing to scroll.');
    const tasks: number[] = [];
    const frames: number[] = [];
    const watching = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    watching.observe({ type: 'longtask' });
    const frame = (): Promise<number> => new Promise((next) => requestAnimationFrame(next));
    let last = await frame();
    for (let at = 0; at < 300; at += 1) {
      scroller.scrollTop += at < 200 ? 40 : 1_500;
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
    await new Promise((later) => setTimeout(later, 200));
    watching.disconnect();
    return { frames, tasks };
  }, inside);
  return {
    frames: frames.length,
    median: median(frames),
    missed: frames.filter((ms) => ms > MISSED_MS).length,
    longTasks: tasks.length,
    longest: Math.max(0, ...tasks),
  };
}

/** From a letter in the field to the frame in which what was found is drawn, in ms. */
export function searched(page: Page, words: string): Promise<number> {
  return page.evaluate(async (text) => {
    const field = document.querySelector<HTMLInputElement>('[data-search-field]');
    if (field === null) throw new Error('There is no field to search in.');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const before = document.querySelector('[role=listbox]')?.ariaLabel;
    const begun = performance.now();
    const found = new Promise<void>((done) => {
      const watching = new MutationObserver(() => {
        if (document.querySelector('[role=listbox]')?.ariaLabel === before) return;
        watching.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      });
      watching.observe(document, { subtree: true, childList: true, attributes: true });
    });
    set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await found;
    return performance.now() - begun;
  }, words);
}
