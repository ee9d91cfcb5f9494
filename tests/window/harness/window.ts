import { rm } from 'node:fs/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { buildPage } from './build.ts';
import { browserPath, startBrowser, WHY_NONE } from './chromium.ts';
import { type Served, servePage } from './serve.ts';

/** A Friday afternoon that every test shares. */
export const NOW = new Date(2026, 10, 20, 14, 4).getTime();

export interface Opening extends BrowserContextOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** The page is made to fail, so it may complain. */
  readonly faulty?: boolean;
}

export interface Windows {
  /** Opens the window on a double of this scenario, ready to be used. */
  open(scenario?: string, opening?: Opening): Promise<Page>;
  readonly address: string;
}

/** Tests in a real browser, in the page as it is built; skipped, and said so, where there is no browser. */
export function inWindow(name: string, tests: (windows: Windows) => void): void {
  const path = browserPath();
  describe.skipIf(path === null)(path === null ? `${name} (${WHY_NONE})` : name, () => {
    let dir = '';
    let served: Served | null = null;
    let browser: Browser | null = null;
    const faults: string[] = [];
    const open = new Set<BrowserContext>();
    beforeAll(async () => {
      dir = await buildPage();
      served = await servePage(dir);
      browser = await startBrowser(path ?? '');
    });
    afterEach(async () => {
      await Promise.all([...open].map((context) => context.close()));
      open.clear();
    });
    afterAll(async () => {
      await browser?.close();
      await served?.close();
      await rm(dir, { recursive: true, force: true });
      expect(faults, 'what the pages complained of').toEqual([]);
    });
    tests({
      get address() {
        return served?.address ?? '';
      },
      open: async (scenario = '', { width = 1_320, height = 840, scheme = 'light', faulty = false, ...rest } = {}) => {
        if (browser === null || served === null) throw new Error('The browser is not there yet.');
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme: scheme,
          reducedMotion: 'reduce',
          ...rest,
        });
        open.add(context);
        const page = await context.newPage();
        if (!faulty) page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error' && !faulty) faults.push(message.text());
        });
        await page.goto(`${served.address}/?now=${NOW}&${scenario}`);
        await page.locator('main').first().waitFor();
        return page;
      },
    });
  });
}

/** What the window has asked the other side for so far. */
export const asked = (page: Page, command: string): Promise<readonly unknown[]> =>
  page.evaluate((wanted) => window.desk.asked.flatMap((one) => (one.command === wanted ? [one.input] : [])), command);
