import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import type {} from '../doubles/desk/page.ts';
import { buildPage } from './harness/build.ts';
import { browserPath, startBrowser, WHY_NONE } from './harness/chromium.ts';
import { servePage } from './harness/serve.ts';

/** Draws every place of the window, or those named, light and dark, wide and narrow, into docs/screenshots. */
interface Shot {
  readonly name: string;
  readonly scenario?: string;
  /** Also at the width of a phone. */
  readonly narrow?: boolean | 'only';
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
const lookAt =
  (index: number) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    for (let at = 0; at < index; at += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
  };
const press =
  (keys: string) =>
  (page: Page): Promise<void> =>
    page.keyboard.press(keys);

/** Three files held over the list, as a file manager holds them. */
async function dragOver(page: Page): Promise<void> {
  const dataTransfer = await page.evaluateHandle(() => {
    const made = new DataTransfer();
    for (const name of ['one.jpg', 'two.jpg', 'three.jpg']) made.items.add(new File(['x'], name));
    return made;
  });
  await page.getByRole('listbox').dispatchEvent('dragenter', { dataTransfer });
  await page.getByRole('listbox').dispatchEvent('dragover', { dataTransfer });
}

const SHOTS: readonly Shot[] = [
  {
    name: 'library',
    narrow: true,
    step: async (page) => (await page.viewportSize())?.width === WIDE.width && first(page),
  },
  { name: 'list', narrow: true, step: (page) => page.getByRole('button', { name: 'List', exact: true }).click() },
  { name: 'folder', scenario: 'state=synced', narrow: true, step: place(/^Coastline film/) },
  {
    name: 'selection',
    narrow: true,
    step: async (page) => {
      await first(page);
      await page.locator('#item-3').click({ modifiers: ['Shift'] });
    },
  },
  { name: 'menu', step: (page) => page.locator('#item-1').click({ button: 'right' }) },
  { name: 'drag-over', narrow: true, step: dragOver },
  {
    name: 'trashed',
    step: async (page) => {
      await first(page);
      await page.keyboard.press('Delete');
      await page.getByText('is in the trash').first().waitFor();
    },
  },
  { name: 'search', narrow: true, step: (page) => page.getByRole('textbox').fill('garden') },
  { name: 'quick-look', narrow: true, step: lookAt(1) },
  { name: 'quick-look-video', step: lookAt(2) },
  { name: 'quick-look-audio', narrow: true, step: lookAt(7) },
  { name: 'quick-look-pdf', step: lookAt(12) },
  { name: 'quick-look-other', step: lookAt(9) },
  { name: 'transfers', scenario: 'problems=1&transfers=20000', narrow: true, step: place(/^Transfers/) },
  { name: 'problems', scenario: 'problems=1', narrow: true, step: place(/^Problems/) },
  { name: 'activity', narrow: true, step: place(/^Activity/) },
  { name: 'trash', scenario: 'state=synced', narrow: true, step: place(/^Trash/) },
  { name: 'settings', scenario: 'state=synced', narrow: true, step: place(/^Settings/) },
  { name: 'palette', narrow: true, step: press('Control+k') },
  { name: 'shortcuts', narrow: true, step: press('?') },
  { name: 'tags', step: async (page) => first(page).then(() => page.keyboard.press('t')) },
  { name: 'sidebar', narrow: 'only', step: (page) => page.getByRole('button', { name: 'Show sidebar' }).click() },
  {
    name: 'inspector',
    narrow: 'only',
    step: async (page) => {
      await first(page);
      await page.getByRole('button', { name: 'Inspector' }).click();
    },
  },
  { name: 'offline', scenario: 'state=offline&full=0.86', narrow: true },
  { name: 'nearly-full', scenario: 'state=synced&full=0.97' },
  { name: 'engine-gone', scenario: 'state=engine-gone' },
  { name: 'crash', step: (page) => page.evaluate(() => window.desk.change({ library: { byType: null } as never })) },
  { name: 'first-run', scenario: 'state=first-run', narrow: true },
  { name: 'empty', scenario: 'items=0&state=synced', narrow: true },
  {
    name: 'first-run-server',
    scenario: 'state=first-run',
    narrow: true,
    step: async (page) => {
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('radio', { name: /On a server/ }).click();
      await page.getByLabel('Address of the server').fill('files.example.org');
    },
  },
  {
    name: 'another-server',
    scenario: 'state=synced',
    narrow: true,
    step: async (page) => {
      await place(/^Settings/)(page);
      await page.getByRole('button', { name: 'Use another server…' }).click();
    },
  },
  {
    name: 'signed-out',
    scenario: 'state=synced&own=0',
    step: async (page) => {
      await place(/^Settings/)(page);
      await page.getByRole('button', { name: 'Sign out…' }).click();
      await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    },
  },
];

const path = browserPath();
if (path === null) throw new Error(WHY_NONE);
const folder = resolve(import.meta.dirname, '../../docs/screenshots');
const named = process.argv.slice(2);
if (named.length === 0) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const dir = await buildPage();
const served = await servePage(dir);
const browser = await startBrowser(path);
try {
  for (const scheme of ['light', 'dark'] as const) {
    for (const shot of SHOTS) {
      if (named.length > 0 && !named.includes(shot.name)) continue;
      if (shot.narrow !== 'only') await draw(shot, scheme, WIDE, '');
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
