import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEPT_MS } from '../../../main/app/mainWindow.ts';
import { until } from '../harness/wait.ts';
import { inApp, pageOf, says } from './inApp.ts';

inApp(
  'the app on a desktop with a tray',
  { tray: true, keyring: 'basic_text', mayComplain: /TrustedScript/ },
  (app) => {
    test('what a start asks to see is shown, also while the page loads', async () => {
      await says(app, 'All synced');
      await app.openLink('driftless://settings');
      await (await pageOf(app)).getByRole('heading', { name: 'Settings' }).waitFor();
    });

    test('where no keyring is that is said, once, and the secret lies in the state of the owner alone', async () => {
      const told = (await app.notices()).filter((body) => body.includes('no keyring'));
      expect(told).toHaveLength(1);
      expect(readFileSync(join(app.home, 'state/driftless/said-kept-openly'), 'utf8')).toBe('');
    });

    test('closing hides the window, and says once where it has gone', async () => {
      await app.closeWindow();
      await until('the window to hide', async () => (await app.window()) === 'hidden');
      await app.choose('Open Driftless');
      await until('the window to come back', async () => (await app.window()) === 'shown');
      await app.closeWindow();
      await until('the window to hide again', async () => (await app.window()) === 'hidden');
      const told = (await app.notices()).filter((body) => body.includes('in the background'));
      expect(told).toHaveLength(1);
    });

    test('a window that stays closed is let go after minutes, and sync goes on', async () => {
      await app.pass(KEPT_MS);
      await until('the window to go', async () => (await app.window()) === null);
      expect((await app.tray())?.icon).toBe('ok');
    });

    test('a second start shows the window, with what its arguments ask for', async () => {
      await app.startBeside(['driftless://trash']);
      const page = await pageOf(app);
      await page.getByRole('button', { name: 'Trash', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
      await until('the window to show', async () => (await app.window()) === 'shown');
    });

    test('an address can lead somewhere, and do nothing', async () => {
      const page = await pageOf(app);
      await app.openLink('driftless://quit');
      await app.openLink('driftless://problems');
      await page.getByRole('heading', { name: 'Problems' }).waitFor();
      expect(app.running).toBe(true);
    });

    test('the folder opens in the file manager', async () => {
      await app.choose('Open folder');
      await until('it to open', async () => (await app.opened()).includes(join(app.home, 'Driftless')));
    });

    test('the page can neither leave nor open another one, and a script in it does not run', async () => {
      const page = await pageOf(app);
      const before = page.url();
      await page.evaluate(() => {
        location.href = 'https://example.org/';
        window.open('https://example.org/');
        const script = document.createElement('script');
        try {
          script.textContent = 'document.title = "hacked"';
        } catch {
          // Trusted Types already refuse it here.
        }
        document.body.append(script);
      });
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      expect([page.url(), await page.title(), page.context().pages().length]).toEqual([before, 'Driftless', 1]);
    });

    test('paused on battery as soon as the plug is pulled, and going on when it is back', async () => {
      const page = await pageOf(app);
      await page
        .getByLabel(/battery/i)
        .first()
        .click();
      await app.power(true);
      await says(app, 'Paused on battery');
      await app.power(false);
      await says(app, 'All synced');
    });

    test('Quit ends it', async () => {
      await app.choose('Quit');
      await until('the app to end', () => !app.running);
    });
  },
);

inApp('the app on a desktop without a tray', { tray: false }, (app) => {
  test('closing minimises, and says why, once', async () => {
    await pageOf(app);
    await until('the window to show', async () => (await app.window()) === 'shown');
    expect(await app.tray()).toBeNull();
    await app.closeWindow();
    await until('the window to be minimised', async () => (await app.window()) === 'minimised');
    await until('it to be said', async () => (await app.notices()).length > 0);
    expect(await app.notices()).toEqual([expect.stringContaining('this desktop has no tray')]);
    await app.pass(KEPT_MS);
    expect(await app.window()).toBe('minimised');
  });

  test('starting it again shows the window', async () => {
    await app.startBeside();
    await until('the window to show', async () => (await app.window()) === 'shown');
    await app.closeWindow();
    await until('the window to be minimised', async () => (await app.window()) === 'minimised');
    expect(await app.notices()).toHaveLength(1);
  });
});
