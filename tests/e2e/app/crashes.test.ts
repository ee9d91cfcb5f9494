import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MOST_ENDS } from '../../../main/app/patience.ts';
import { MOST_CRASHES } from '../../../main/app/recovery.ts';
import { until } from '../harness/wait.ts';
import { inApp, pageOf, says } from './inApp.ts';

const A_MINUTE = 60_000;

inApp('what crashes in the app comes back', { tray: true }, (app) => {
  test('a server that ended is a calm offline state, and then all is well again', async () => {
    await says(app, 'All synced');
    const page = await pageOf(app);
    await app.kill('server');
    writeFileSync(join(app.home, 'Driftless', 'meanwhile.txt'), 'meanwhile');
    await says(app, 'Offline');
    expect((await app.tray())?.icon).toBe('offline');
    expect(await page.getByRole('button', { name: 'Copy report' }).count()).toBe(0);
    await app.pass(A_MINUTE);
    await page.getByRole('button', { name: 'Try now' }).click();
    await says(app, 'All synced');
  });

  test('an engine that crashed is said in the window, and runs again by itself', async () => {
    const page = await pageOf(app);
    await app.kill('engine');
    await page.getByText('The engine stopped (exit code 9): starting it again in 1 s.').first().waitFor();
    await app.pass(A_MINUTE);
    await page
      .getByText(/^The engine stopped/)
      .first()
      .waitFor({ state: 'detached' });
    await says(app, 'All synced');
    await page.locator('[role=option]', { hasText: 'meanwhile.txt' }).first().waitFor();
  });

  test('one that crashes again and again is given up, on a screen that says what to do', async () => {
    const page = await pageOf(app);
    for (let end = 2; end <= MOST_ENDS; end += 1) {
      await app.kill('engine');
      await page
        .getByText(/stopped \(exit code 9\)|Driftless stopped/)
        .first()
        .waitFor();
      if (end < MOST_ENDS) await app.pass(A_MINUTE);
    }
    await page.getByRole('heading', { name: 'Driftless stopped' }).waitFor();
    await page.getByText(/The engine keeps stopping \(exit code 9\)/).waitFor();
    expect((await app.tray())?.icon).toBe('attention');
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByText('The report is on the clipboard.').waitFor();
    await page.getByRole('button', { name: 'Open logs' }).click();
    await until('the logs to open', async () => (await app.opened()).some((path) => path.endsWith('logs')));
    await page.getByRole('button', { name: 'Start again' }).click();
    await says(app, 'All synced');
  });

  test('a page that crashed is loaded again', async () => {
    await app.crashPage();
    await until('the page to go', () => app.page === null);
    await app.pass(A_MINUTE);
    const page = await pageOf(app);
    await page.locator('[role=option]', { hasText: 'meanwhile.txt' }).first().waitFor();
  });

  test('one that crashes again and again is replaced by a page that says what to do', async () => {
    for (let crash = 2; crash <= MOST_CRASHES; crash += 1) {
      await (await pageOf(app)).locator('main').first().waitFor();
      await app.crashPage();
      await until('the page to go', () => app.page === null);
      await app.pass(A_MINUTE);
    }
    const page = await pageOf(app);
    await page.getByRole('heading', { name: 'This window keeps crashing' }).waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.locator('[role=option]', { hasText: 'meanwhile.txt' }).first().waitFor();
  });

  test('nothing was reported to anybody', () => {
    expect(existsSync(join(app.home, 'app', 'Crashpad'))).toBe(false);
  });
});
