import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { buildPage } from './harness/build.ts';
import { browserPath, startBrowser, WHY_NONE } from './harness/chromium.ts';
import { servePage } from './harness/serve.ts';

/** Draws every place of the window, light and dark, wide and narrow, into docs/screenshots. */
interface Shot {
  readonly name: string;
  readonly scenario?: string;
  /** Also at the width of a phone. */
  readonly narrow?: boolean;
  readonly step?: (page: Page) => Promise<unknown>;
}

const NOW = new Date(2026, 10, 20, 14, 4).getTime();
const WIDE = { width: 1_320, height: 840 };
const NARROW = { width: 360, height: 740 };

const first = (page: Page): Promise<void> => page.locator('#item-0').click();
const place =
  (name: RegExp) =>
  async (page: Page): Promise<void> => {
    const drawer = page.getByRole('button', { name: 'Show sidebar' });
    if (await drawer.isVisible()) await drawer.click();
    await page.getByRole('button', { name }).first().click();
  };

const SHOTS: readonly Shot[] = [
  {
    name: 'library',
    narrow: true,
    step: async (page) => (await page.viewportSize())?.width === WIDE.width && first(page),
  },
  { name: 'list', step: async (page) => page.getByRole('button', { name: 'List', exact: true }).click() },
  { name: 'folder', scenario: 'state=synced', step: place(/^Coastline film/) },
  {
    name: 'selection',
    step: async (page) => {
      await first(page);
      await page.locator('#item-7').click({ modifiers: ['Shift'] });
    },
  },
  {
    name: 'quick-look',
    narrow: true,
    step: async (page) => {
      await page.locator('#item-1').click();
      await page.keyboard.press('Space');
    },
  },
  { name: 'transfers', scenario: 'problems=1&transfers=20000', narrow: true, step: place(/^Transfers/) },
  { name: 'problems', scenario: 'problems=1', narrow: true, step: place(/^Problems/) },
  { name: 'activity', step: place(/^Activity/) },
  { name: 'trash', scenario: 'state=synced', step: place(/^Trash/) },
  { name: 'settings', scenario: 'state=synced', narrow: true, step: place(/^Settings/) },
  { name: 'palette', step: async (page) => page.keyboard.press('Control+k') },
  { name: 'offline', scenario: 'state=offline&full=0.86' },
  { name: 'first-run', scenario: 'state=first-run', narrow: true },
  { name: 'empty', scenario: 'items=0&state=synced' },
];

const path = browserPath();
if (path === null) throw new Error(WHY_NONE);
const folder = resolve(import.meta.dirname, '../../docs/screenshots');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const dir = await buildPage();
const served = await servePage(dir);
const browser = await startBrowser(path);
try {
  for (const scheme of ['light', 'dark'] as const) {
    for (const shot of SHOTS) {
      await draw(shot, scheme, WIDE, '');
      if (shot.narrow) await draw(shot, scheme, NARROW, '-360');
    }
  }
} finally {
  await browser.close();
  await served.close();
  await rm(dir, { recursive: true, force: true });
}

async function draw(shot: Shot, scheme: 'light' | 'dark', viewport: typeof WIDE, suffix: string): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.goto(`${served.address}/?now=${NOW}&${shot.scenario ?? ''}`);
  await page.locator('main').first().waitFor();
  if (shot.scenario?.includes('first-run') !== true && shot.name !== 'empty') await page.locator('#item-0').waitFor();
  await shot.step?.(page);
  await page.mouse.move(0, 0);
  await settled(page);
  const picture = await page.screenshot();
  await sharp(picture)
    .png({ palette: true, quality: 92, effort: 7 })
    .toFile(join(folder, `${shot.name}-${scheme}${suffix}.png`));
  await context.close();
}

/** Every picture is there, and nothing has been asked for some frames. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
}
