import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--force-color-profile=srgb',
];

/** The browser that the window is tried in; null where there is none, and why. */
export const browserPath = (): string | null => PLACES.find((path) => existsSync(path)) ?? null;

export const WHY_NONE = 'There is no Chromium here: install it (apt-get install chromium) to try the window.';

export function startBrowser(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: QUIET });
}
