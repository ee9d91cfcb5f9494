import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../shared/desktop/commands.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');

/** What a rule forbids is looked for in the sources: a fake of Electron would not mind it. */
const sources = (folder: string): readonly { readonly path: string; readonly text: string }[] =>
  readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(CHECKOUT, folder, path), 'utf8') }));

const app = sources('main/app');
const where = (pattern: RegExp, among = app): readonly string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('one place makes a window, and it asks windowOptions() how', () => {
  expect(where(/new (BrowserWindow|BrowserView|WebContentsView|BaseWindow)\b/)).toEqual(['main/app/index.ts']);
  expect(
    readFileSync(join(CHECKOUT, 'main/app/index.ts'), 'utf8').match(/new BrowserWindow\(windowOptions\(/g),
  ).toHaveLength(1);
});

test('no page comes from a file, and the scheme is registered once', () => {
  expect(where(/loadFile\(|loadURL\((?!`\$\{(?:UI|AUTH)_ORIGIN\}|CRASHED_PAGE)/)).toEqual([]);
  expect(where(/registerSchemesAsPrivileged\(/)).toEqual(['main/app/scheme.ts']);
});

test('no address is ever handed to a browser', () => {
  expect(where(/openExternal/)).toEqual([]);
});

test('messages are taken in one place, each through the gate', () => {
  expect(where(/ipcMain\.(on|handle|once)\(/)).toEqual(['main/app/index.ts']);
  const text = readFileSync(join(CHECKOUT, 'main/app/index.ts'), 'utf8');
  const taken = text.match(/ipcMain\.(on|handle)\(.*/g) ?? [];
  expect(taken.length).toBeGreaterThan(3);
  expect(taken.filter((line) => !/=> gated\.\w+\(senderOf\(event\)/.test(line))).toEqual([]);
});

test('no input of a command is a path of this computer', () => {
  const named = Object.entries(COMMANDS).flatMap(([name, schema]) =>
    Object.keys(schema.shape)
      .filter((key) => /path|file|dir(ectory)?$/i.test(key))
      .map((key) => `${name}.${key}`),
  );
  expect(named).toEqual([]);
});

test('nothing in the main process wakes up again and again, and no page is kept from resting', () => {
  expect(where(/setInterval\(/)).toEqual([]);
  expect(where(/backgroundThrottling: false|disable-renderer-backgrounding|disable-background-timer/)).toEqual([]);
});

test('a crash is told to nobody', () => {
  expect(where(/crashReporter/)).toEqual([]);
});

test('the preload script knows nothing but electron', () => {
  const built = readFileSync(join(CHECKOUT, 'out/preload/index.cjs'), 'utf8');
  expect([...built.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name?.replaceAll(/[`'"]/g, ''))).toEqual([
    'electron',
  ]);
  expect(statSync(join(CHECKOUT, 'out/preload/index.cjs')).size).toBeLessThanOrEqual(2048);
});

test('the page that stands in for a crashed one has no script', () => {
  const page = readFileSync(join(CHECKOUT, 'renderer/public/crashed.html'), 'utf8');
  expect(page).not.toMatch(/<script|\son\w+=|<style|style=/i);
});
