import type { Page } from 'playwright';
import { expect } from 'vitest';
import { asked } from './window.ts';

export const selected = (page: Page): Promise<readonly string[]> =>
  page.locator('[role=option][aria-selected=true]').evaluateAll((all) => all.map(({ id }) => id));
export const selects =
  (...ids: readonly number[]) =>
  (page: Page): Promise<void> =>
    expect.poll(() => selected(page)).toEqual(ids.map((id) => `item-${id}`));
const shows =
  (name: string) =>
  (page: Page): Promise<void> =>
    page.getByRole('dialog', { name }).waitFor();
const says =
  (text: string) =>
  (page: Page): Promise<void> =>
    page.getByText(text).first().waitFor();
const asks =
  (command: string) =>
  (page: Page): Promise<void> =>
    expect.poll(async () => (await asked(page, command)).length).toBe(1);

export interface Shortcut {
  /** As the list of shortcuts names it. */
  readonly listed: string;
  /** One after the other, in a list of forty whose first is selected. */
  readonly keys: readonly string[];
  readonly comes: (page: Page) => Promise<unknown>;
}

/** Five to a line; the first section holds fourteen. What Escape does not take back comes last, after the name: soon after it a letter is one more of it. */
export const SHORTCUTS: readonly Shortcut[] = [
  { listed: '↑ ↓ ← →', keys: ['ArrowRight'], comes: selects(1) },
  { listed: '↑ ↓ ← →', keys: ['ArrowRight', 'ArrowRight', 'ArrowLeft'], comes: selects(1) },
  { listed: '↑ ↓ ← →', keys: ['ArrowDown'], comes: selects(5) },
  { listed: '↑ ↓ ← →', keys: ['ArrowDown', 'ArrowRight', 'ArrowUp'], comes: selects(1) },
  { listed: 'Home End', keys: ['End'], comes: selects(39) },
  { listed: 'Home End', keys: ['End', 'Home'], comes: selects(0) },
  { listed: 'Shift ↑ ↓', keys: ['Shift+ArrowRight', 'Shift+ArrowRight'], comes: selects(0, 1, 2) },
  { listed: 'Shift ↑ ↓', keys: ['Shift+ArrowDown', 'Shift+ArrowUp', 'Shift+ArrowRight'], comes: selects(0, 1) },
  { listed: 'Mod Space', keys: ['Control+ArrowRight', 'Control+ArrowRight', 'Control+Space'], comes: selects(0, 2) },
  { listed: 'Mod A', keys: ['Control+a'], comes: (page) => page.getByRole('heading', { name: '40 items' }).waitFor() },
  { listed: 'Esc', keys: ['Control+a', 'Escape'], comes: selects() },
  {
    listed: 'Esc',
    keys: ['Space', 'Escape'],
    comes: (page) => page.getByRole('dialog').waitFor({ state: 'detached' }),
  },
  { listed: 'Space', keys: ['Space'], comes: shows('DJI_0412 cliffs at dawn.jpg') },
  { listed: 'Enter', keys: ['Enter'], comes: asks('files.open') },
  { listed: 'F', keys: ['f'], comes: asks('nodes.favourite') },
  { listed: 'T', keys: ['t'], comes: shows('Tags of 1 item') },
  {
    listed: 'I',
    keys: ['i'],
    comes: (page) => page.getByRole('complementary', { name: 'Inspector' }).waitFor({ state: 'detached' }),
  },
  { listed: 'Mod C', keys: ['Control+c'], comes: says('Copied 1 item: paste them where you like.') },
  { listed: 'Mod K', keys: ['Control+k'], comes: shows('Commands') },
  { listed: 'Mod K', keys: ['Meta+k'], comes: shows('Commands') },
  { listed: '?', keys: ['?'], comes: shows('Keyboard shortcuts') },
  {
    listed: 'Mod F',
    keys: ['Control+f'],
    comes: (page) => page.getByRole('textbox', { name: 'Search names and tags' }).and(page.locator(':focus')).waitFor(),
  },
  { listed: 'A name', keys: ['l', 'o', 'o', 'p'], comes: selects(5) },
  { listed: 'Del', keys: ['Delete'], comes: says('DJI_0412 cliffs at dawn.jpg is in the trash.') },
  {
    listed: 'Mod ,',
    keys: ['Control+,'],
    comes: (page) => page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor(),
  },
];
