import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { inWindow } from './harness/window.ts';

type Step = (page: Page) => Promise<void>;

const toPlace =
  (name: RegExp): Step =>
  async (page) => {
    const drawer = page.getByRole('button', { name: 'Show sidebar' });
    if (await drawer.isVisible()) await drawer.click();
    await page.getByRole('button', { name }).first().click();
  };
const withOne: Step = async (page) => {
  await page.locator('#item-0').click();
};

interface Shown {
  readonly scenario?: string;
  readonly step?: Step;
  /** Everything is looked at on a desktop and at the width of a phone; `only`: there is no such thing on a desktop. */
  readonly narrow?: true | 'only';
}

const PLACES: Readonly<Record<string, Shown>> = {
  library: { step: withOne },
  'several selected': {
    step: async (page) => {
      await withOne(page);
      await page.locator('#item-3').click({ modifiers: ['Shift'] });
    },
  },
  list: { step: async (page) => page.getByRole('button', { name: 'List', exact: true }).click() },
  folder: { step: toPlace(/^Coastline film/) },
  transfers: { scenario: 'problems=1', step: toPlace(/^Transfers/) },
  problems: { scenario: 'problems=1', step: toPlace(/^Problems/) },
  activity: { step: toPlace(/^Activity/) },
  trash: { step: toPlace(/^Trash/) },
  settings: { step: toPlace(/^Settings/) },
  'quick look': {
    step: async (page) => {
      await withOne(page);
      await page.keyboard.press('Space');
    },
  },
  sidebar: { narrow: 'only', step: async (page) => page.getByRole('button', { name: 'Show sidebar' }).click() },
  inspector: {
    narrow: 'only',
    step: async (page) => {
      await withOne(page);
      await page.getByRole('button', { name: 'Inspector' }).click();
    },
  },
  palette: { step: async (page) => page.keyboard.press('Control+k') },
  shortcuts: { step: async (page) => page.keyboard.press('?') },
  menu: { step: async (page) => page.locator('#item-0').click({ button: 'right' }) },
  search: { step: async (page) => page.getByRole('textbox').fill('nothing is called so') },
  tags: {
    step: async (page) => {
      await withOne(page);
      await page.keyboard.press('t');
    },
  },
  'move to a folder': {
    step: async (page) => {
      await page.locator('#item-0').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Move to…' }).click();
    },
  },
  'first run': { scenario: 'state=first-run' },
  offline: { scenario: 'state=offline' },
  'first run with a server': {
    scenario: 'state=first-run',
    narrow: true,
    step: async (page) => {
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('radio', { name: /On a server/ }).click();
    },
  },
  'another server': {
    step: async (page) => {
      await toPlace(/^Settings/)(page);
      await page.getByRole('button', { name: 'Use another server…' }).click();
    },
  },
  'engine gone': { scenario: 'state=engine-gone&full=0.97' },
  'nothing yet': { scenario: 'items=0' },
};

inWindow('axe finds nothing serious', (windows) => {
  for (const [name, { scenario = '', step, narrow }] of Object.entries(PLACES)) {
    test.each(narrow === 'only' ? [360] : [1_320, 360])(`in ${name}, light and dark, %i px wide`, async (width) => {
      const page = await windows.open(`${scenario}&items=200`, { width, height: 840 });
      if (!scenario.includes('items=0') && !scenario.includes('first-run')) await page.locator('#item-0').waitFor();
      await step?.(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        const told = serious.map(({ id, nodes }) => [
          id,
          nodes.map(({ html, failureSummary }) => [html, failureSummary]),
        ]);
        expect(told, colorScheme).toEqual([]);
      }
    });
  }
});
