import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { findDesktopRuntime } from '../../../main/headless/desktopRuntime.ts';
import { browserPath, startBrowser, WHY_NONE } from '../../window/harness/chromium.ts';
import { until } from '../harness/wait.ts';
import type { AppDriver, DriverOptions } from './driver/driver.ts';
import { driveDouble } from './driver/onDouble.ts';
import { driveElectron } from './driver/onElectron.ts';

/** Set by `npm run test:electron`. */
const ON_ELECTRON = process.env.DRIFTLESS_TEST_ON === 'electron';
const runtime = findDesktopRuntime(resolve(import.meta.dirname, '../../..'));
const path = browserPath();
const cannot = ON_ELECTRON || path !== null ? null : WHY_NONE;

interface InApp extends Omit<DriverOptions, 'home'> {
  /** What the tests mean to provoke. */
  readonly mayComplain?: RegExp;
}

/**
 * Tests of the whole built app, with its engine and its server, as one story in one start of it: each begins where the
 * one before has ended.
 */
export function inApp(name: string, { mayComplain, ...options }: InApp, tests: (app: AppDriver) => void): void {
  describe.skipIf(cannot !== null)(cannot === null ? name : `${name} (${cannot})`, () => {
    const home = mkdtempSync(join(tmpdir(), 'driftless-app-'));
    let browser: Browser | null = null;
    let driver: AppDriver | null = null;
    beforeAll(async () => {
      driver = await drive();
      await driver.start();
    });
    afterAll(async () => {
      const faults = (driver?.faults ?? []).filter((fault) => mayComplain?.test(fault) !== true);
      await driver?.close();
      await browser?.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
      expect(faults, 'what the app complained of').toEqual([]);
    });
    const drive = async (): Promise<AppDriver> => {
      if (ON_ELECTRON && runtime.found) return driveElectron(runtime.executable, { ...options, home });
      browser = await startBrowser(path ?? '');
      return driveDouble(browser, { ...options, home });
    };
    tests(
      new Proxy({} as AppDriver, {
        get: (_target, key) => {
          const value = Reflect.get(driver ?? {}, key, driver ?? {});
          return typeof value === 'function' ? value.bind(driver) : value;
        },
      }),
    );
  });
}

/** The window's page, as soon as it is there. */
export const pageOf = (app: AppDriver): Promise<Page> =>
  until('the page of the window', () => app.page ?? undefined) as Promise<Page>;

/** Resolves when the tray's menu has a line that begins so; where there is no tray, when the window says it. */
export async function says(app: AppDriver, words: string): Promise<void> {
  await until(`“${words}”`, async () => (await app.tray())?.lines.some((line) => line.startsWith(words)) ?? false);
}
