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
  /** Also at the width of a phone. */
  readonly narrow?: boolean;
}

const PLACES: Readonly<Record<string, Shown>> = {
  library: { step: withOne, narrow: true },
  'several selected': {
    step: async (page) => {
      await withOne(page);
      await page.locator('#item-3').click({ modifiers: ['Shift'] });
    },
  },
  list: { step: async (page) => page.getByRole('button', { name: 'List', exact: true }).click() },
  folder: { step: toPlace(/^Coastline film/) },
  transfers: { scenario: 'problems=1', step: toPlace(/^Transfers/), narrow: true },
  problems: { scenario: 'problems=1', step: toPlace(/^Problems/) },
  activity: { step: toPlace(/^Activity/) },
  trash: { step: toPlace(/^Trash/) },
  settings: { step: toPlace(/^Settings/), narrow: true },
  'quick look': {
    step: async (page) => {
      await withOne(page);
      await page.keyboard.press('Space');
    },
  },
  palette: { step: async (page) => page.keyboard.press('Control+k') },
  shortcuts: { step: async (page) => page.keyboard.press('?') },
  menu: { step: async (page) => page.locator('#item-0').click({ button: 'right' }) },
  'first run': { scenario: 'state=first-run', narrow: true },
  'engine gone': { scenario: 'state=engine-gone&full=0.97' },
  'nothing yet': { scenario: 'items=0' },
};

inWindow('axe finds nothing serious', (windows) => {
  for (const [name, { scenario = '', step, narrow = false }] of Object.entries(PLACES)) {
    test.each([['light', 1_320], ['dark', 1_320], ...(narrow ? [['light', 360] as const] : [])] as const)(
      `in ${name}, %s, %i px wide`,
      async (scheme, width) => {
        const page = await windows.open(`${scenario}&items=200`, { scheme, width, height: 840 });
        if (!scenario.includes('items=0') && !scenario.includes('first-run')) await page.locator('#item-0').waitFor();
        await step?.(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          serious.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]),
        ).toEqual([]);
        await page.context().close();
      },
    );
  }
});
