import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { clerkInBrowser } from '../../../main/headless/clerk/signInPage.ts';
import { type ClerkDouble, clerkDouble, INSTANCE } from '../../doubles/clerk/frontApi.ts';
import { browserPath, startBrowser } from '../../window/harness/chromium.ts';
import { elsewhere, home, type Stand, stand } from '../station/scene.ts';

const pages = resolve(import.meta.dirname, '../../../out/renderer');
const PERSON = { identifier: 'rosa@example.org', password: 'open sesame' };

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(pages)) throw new Error('These tests run what is built: npm run build first.');
  browser = await startBrowser(browserPath() ?? '');
});
afterAll(() => browser.close());

interface Scene {
  readonly clerk: ClerkDouble;
  readonly at: Stand;
  readonly other: Awaited<ReturnType<typeof elsewhere>>;
  readonly begun: () => ReturnType<Stand['ask']>;
  /** The page, when it waits to be opened. */
  readonly page: () => Promise<Page>;
}

async function scene(): Promise<Scene> {
  const clerk = await clerkDouble(PERSON);
  onTestFinished(() => clerk.close());
  const { publicKey, publishableKey } = clerk;
  const other = await elsewhere({
    clerk: {
      ...{ keys: { jwtKey: publicKey }, publishableKey, issuer: `https://${INSTANCE}`, authorizedParties: 'any' },
    },
  });
  let at: Stand | null = null;
  const door = clerkInBrowser({ pages, frontApi: clerk.url, tell: (address) => at?.station.signInPage(address) });
  at = await stand({ places: home().places, own: await elsewhere(), clerk: door });
  const stood = at;
  return {
    ...{ clerk, at, other },
    begun: () => stood.ask('setup.begin', { server: { kind: 'clerk', address: other.url } }),
    async page() {
      await expect.poll(() => stood.setup().signInPage).not.toBeNull();
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(stood.setup().signInPage ?? '');
      return page;
    },
  };
}

async function typeIn(page: Page, label: string, answer: string): Promise<void> {
  await page.getByLabel(label).fill(answer);
  await page.keyboard.press('Enter');
}

test('a person signs in on a page of its own, and the device needs Clerk no more', async () => {
  const { clerk, at, other, begun, page: opened } = await scene();
  expect(await at.ask('setup.ways', { address: other.url })).toMatchObject({ value: { clerk: true } });
  const outcome = begun();
  const page = await opened();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await typeIn(page, 'E-mail address or name', 'nobody@example.org');
  await page
    .getByRole('alert')
    .getByText('check how it is written')
    .or(page.getByText('There is no account'))
    .first()
    .waitFor();
  await typeIn(page, 'E-mail address or name', PERSON.identifier);
  await page.getByLabel('Password').waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await typeIn(page, 'Password', 'wrong');
  await page.getByText('The password is wrong: try again.').waitFor();
  await typeIn(page, 'Password', PERSON.password);
  await page.getByText('You are signed in: close this page').waitFor();
  expect(await outcome).toMatchObject({ ok: true });
  await at.settled();
  await expect.poll(() => at.snapshot().account?.server).toBe(new URL(other.url).host);
  expect(at.setup()).toMatchObject({ needed: false, signInPage: null });

  // The page spoke to its own origin alone, and Clerk was not told of any.
  expect(new Set(asked.map((url) => new URL(url).origin)).size).toBe(1);
  expect(clerk.heard.some(({ headers }) => headers.origin !== undefined)).toBe(false);
  expect(complaints.filter((text) => /Content Security Policy/i.test(text))).toEqual([]);

  clerk.outage(true);
  const before = clerk.heard.length;
  await at.settled();
  expect(at.station.session?.engine.status().state).toBe('idle');
  expect(clerk.heard.length).toBe(before);
});

test('who leaves the page is told so, and everything is as it was', async () => {
  const { at, begun, page: opened } = await scene();
  const outcome = begun();
  const page = await opened();
  await page.getByLabel('E-mail address or name').waitFor();
  await at.ask('setup.leave', {});
  expect(await outcome).toMatchObject({ ok: false, message: expect.stringMatching(/^You did not sign in: try again/) });
  expect(at.setup().signInPage).toBeNull();
  await at.settled();
});

test('nobody without the page’s address can ask it anything, nor give it a token', async () => {
  const { at, begun } = await scene();
  const outcome = begun();
  await expect.poll(() => at.setup().signInPage).not.toBeNull();
  const address = new URL(at.setup().signInPage ?? '');
  const body = JSON.stringify({ token: 'forged' });
  const tries = [
    fetch(new URL('/proof', address), { method: 'POST', body, headers: { origin: address.origin } }),
    fetch(new URL('./proof', address), { method: 'POST', body, headers: { origin: 'https://evil.example' } }),
    fetch(new URL('./proof', address), { method: 'POST', body }),
    fetch(new URL('/config', address)),
    fetch(new URL('/', address)),
  ];
  expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  const policy = (await fetch(address)).headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  await at.ask('setup.leave', {});
  await outcome;
});

test('an outage of Clerk is said on the page in one sentence', async () => {
  const { clerk, at, begun, page: opened } = await scene();
  clerk.outage(true);
  const outcome = begun();
  const page = await opened();
  await page.getByText('The sign-in service cannot be reached: try again in a moment.').waitFor({ timeout: 45_000 });
  await at.ask('setup.leave', {});
  await outcome;
});

const WEEK_AND_A_DAY = 8 * 24 * 3_600_000;

test('once a week who is known to Clerk still is proved quietly; else a person is asked, and sync goes on', async () => {
  const clerk = await clerkDouble(PERSON);
  onTestFinished(() => clerk.close());
  const { publicKey, publishableKey } = clerk;
  const other = await elsewhere({
    clerk: {
      ...{ keys: { jwtKey: publicKey }, publishableKey, issuer: `https://${INSTANCE}`, authorizedParties: 'any' },
    },
  });
  let quiet: () => Promise<string | null> = async () => clerk.token();
  const at = await stand({
    ...{ places: home().places, own: await elsewhere() },
    clerk: async () => clerk.token(),
    clerkQuietly: () => quiet(),
  });
  await at.ask('setup.begin', { server: { kind: 'clerk', address: other.url } });
  await expect.poll(() => at.snapshot().account, { timeout: 10_000 }).toMatchObject({ signInAgain: null });
  const later = Date.now() + WEEK_AND_A_DAY;

  await at.station.proveAgain(later);
  expect(at.snapshot().account?.signInAgain).toBeNull();
  quiet = () => Promise.reject(new Error('Nobody may be asked again before the next week.'));
  await at.station.proveAgain(later + 1_000);
  await at.station.proveAgain(later + WEEK_AND_A_DAY);
  expect(at.snapshot().account?.signInAgain).toBeNull();

  quiet = async () => null;
  await at.station.proveAgain(later + WEEK_AND_A_DAY);
  expect(at.snapshot().account?.signInAgain).toMatch(/a week old: sign in once more .* sync goes on meanwhile\.$/);
  await at.settled();
  expect(at.station.session?.engine.status().state).toBe('idle');
});
