import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { GATHER_MS } from '../../../main/app/notices/notifier.ts';
import { paths } from '../../../shared/api/paths.ts';
import { quotaSentence } from '../../../shared/desktop/quota.ts';
import { Device } from '../harness/device.ts';
import { run } from '../harness/program.ts';
import { until } from '../harness/wait.ts';
import { inApp, pageOf, says } from './inApp.ts';

const PICTURE = { width: 640, height: 480, channels: 3 } as const;
/** A page with nothing on it. */
const PDF =
  '%PDF-1.1\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]/Count 1>>endobj 3 0 obj<</MediaBox[0 0 99 99]>>endobj\n';
const NAMES = ['harbour.png', 'meadow.png', 'night.png'] as const;

inApp('the library in the app', { tray: true }, (app) => {
  let second: Device | null = null;
  const folder = (): string => join(app.home, 'Driftless');
  const tile = (name: string) => app.page?.locator('[role=option]', { hasText: name }).first();
  const home = (): { port: number; token: string } =>
    JSON.parse(readFileSync(join(app.home, 'data/driftless/home.json'), 'utf8'));
  afterAll(() => second?.close());

  test('a fresh start is in sync with the server of its own', async () => {
    await says(app, 'All synced');
    expect(await app.window()).toBe('shown');
  });

  test('files that are dropped on the window are synced, with thumbnails', async () => {
    const page = await pageOf(app);
    // By date the tiles change places while files settle, and a click could meet another one than it was meant for.
    await page.getByRole('button', { name: 'Sort: Date added' }).click();
    await page.getByRole('menuitem', { name: 'Name' }).click();
    const from = join(app.home, 'camera');
    mkdirSync(from);
    for (const [i, name] of NAMES.entries()) {
      await sharp({ create: { ...PICTURE, background: { r: 90 * i, g: 120, b: 60 } } }).toFile(join(from, name));
    }
    writeFileSync(join(from, 'words.txt'), 'words');
    await app.drop([...NAMES, 'words.txt'].map((name) => join(from, name)));
    await page.getByText('Added 4 files.').waitFor();
    expect(readFileSync(join(folder(), 'words.txt'), 'utf8')).toBe('words');
    const drawn = (image: HTMLImageElement): boolean => image.naturalWidth > 0;
    const thumbnails = page.locator('[role=option] img');
    await until(
      'a thumbnail',
      async () => (await thumbnails.count()) > 0 && (await thumbnails.first().evaluate(drawn)),
    );
    await says(app, 'All synced');
    expect((await app.tray())?.lines).toEqual(expect.arrayContaining(['harbour.png', 'words.txt', 'Open folder']));
  });

  test('a search as one types shows what is meant', async () => {
    const page = await pageOf(app);
    await page.getByLabel('Search names and tags').fill('mead');
    await until('only what is meant', async () => (await page.getByRole('option').count()) === 1);
    await tile('meadow.png')?.waitFor();
    await page.getByLabel('Search names and tags').fill('');
    await tile('harbour.png')?.waitFor();
  });

  test('a favourite and a tag reach the server', async () => {
    const page = await pageOf(app);
    await tile('harbour.png')?.click();
    await page.keyboard.press('f');
    await tile('harbour.png')?.locator('[data-star][data-on]').waitFor();
    await page.keyboard.press('t');
    await page.getByRole('dialog', { name: 'Tags of 1 item' }).waitFor();
    await page.keyboard.type('boats');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Tagged 1 item.').waitFor();
    const { port, token } = home();
    const asked = `http://127.0.0.1:${port}${paths.nodes}?tag=boats&favourite=true`;
    await until('the server to know', async () => {
      const answer = await fetch(asked, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.text()).includes('harbour.png');
    });
  });

  test('a document is shown by its first page, in large, and opens in its own program', async () => {
    const page = await pageOf(app);
    writeFileSync(join(folder(), 'plan.pdf'), PDF);
    await tile('plan.pdf')?.click();
    await page.keyboard.press('Space');
    const look = page.getByRole('dialog', { name: 'plan.pdf' });
    await look.getByText('Open it in its own program').waitFor();
    expect(await look.locator('iframe').count()).toBe(0);
    await look.getByText('Open', { exact: true }).click();
    await until('it to open', async () => (await app.opened()).includes(join(folder(), 'plan.pdf')));
    await page.keyboard.press('Escape');
    await look.waitFor({ state: 'detached' });
  });

  test('what is deleted goes, and comes back when that is undone', async () => {
    const page = await pageOf(app);
    await tile('night.png')?.click();
    await page.keyboard.press('Delete');
    await page.getByText('night.png is in the trash.').waitFor();
    await until('it to go from the folder', () => !exists(join(folder(), 'night.png')));
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await until('it to come back', () => exists(join(folder(), 'night.png')));
    await tile('night.png')?.waitFor();
  });

  test('a second device gets everything', async () => {
    const { port, token } = home();
    const at = { folder: join(app.home, 'second'), state: join(app.home, 'second-state') };
    second = new Device({ ...at, server: `http://127.0.0.1:${port}`, token });
    await second.mustSync();
    expect([...second.tree().keys()].toSorted()).toEqual([...NAMES, 'plan.pdf', 'words.txt'].toSorted());
  });

  test('what was paused from the tray goes on when it is resumed', async () => {
    await app.choose('Pause for 1 hour');
    await says(app, 'Paused until');
    expect((await app.tray())?.icon).toBe('paused');
    writeFileSync(join(folder(), 'words.txt'), 'words of this device');
    writeFileSync(second?.path('words.txt') ?? '', 'words of the other one');
    await second?.mustSync();
    expect(readFileSync(join(folder(), 'words.txt'), 'utf8')).toBe('words of this device');
    await app.choose('Resume');
    await says(app, 'Problems (1)');
    await until('the tray to ask for attention', async () => (await app.tray())?.icon === 'attention');
  });

  test('a conflict is looked at from the tray, and resolved in the window', async () => {
    const page = await pageOf(app);
    await app.choose('Problems (1)');
    const card = page.getByRole('article');
    await card.getByRole('button', { name: 'Keep both' }).waitFor();
    expect(await card.getByRole('heading').textContent()).toBe('words.txt');
    await card.getByRole('button', { name: 'Keep this one' }).click();
    await until('the words of this device', () =>
      readFileSync(join(folder(), 'words.txt'), 'utf8').endsWith('this device'),
    );
    await says(app, 'All synced');
    await second?.mustSync();
    expect(readFileSync(second?.path('words.txt') ?? '', 'utf8')).toBe('words of this device');
  });

  test('a storage that is nearly full is said by the tray, by one notice, and in the window', async () => {
    const page = await pageOf(app);
    const data = join(app.home, 'data/driftless/server');
    await run('driftless-server', ['quota', 'set', userInfo().username, '100000', '--data', data]);
    await app.closeWindow();
    await until('the window to hide', async () => (await app.window()) === 'hidden');
    writeFileSync(join(folder(), 'large.bin'), Buffer.alloc(70_000, 7));
    await until('the tray to say so', async () => (await app.tray())?.icon === 'attention');
    const told = async () => (await app.notices()).filter((body) => body.startsWith('Your storage is'));
    await until('the notice', async () => {
      await app.pass(GATHER_MS);
      return (await told()).length > 0;
    });
    expect(await told()).toEqual([quotaSentence(80)]);
    await app.choose('Open Driftless');
    await page.getByText(quotaSentence(80)).first().waitFor();
  });

  test('the secret of this device lies sealed, and no other file of its state holds it', async () => {
    const states = join(app.home, 'state/driftless');
    expect(exists(join(states, 'device.key'))).toBe(true);
    expect(
      readFileSync(join(states, 'default/state.db'), 'latin1') +
        readFileSync(join(states, 'default/state.db-wal'), 'latin1'),
    ).toContain('sealed:');
  });
});

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
