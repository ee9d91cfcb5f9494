import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { addFile } from '../../main/desk/adding.ts';
import { Refusal } from '../../main/desk/messages.ts';
import type { Delta } from '../../shared/desktop/snapshot.ts';
import { NodeId } from '../../shared/ids.ts';
import { realDesk } from './realDesk.ts';

const TRASH = { place: { kind: 'trash' } } as const;
const nobody = NodeId.parse('01a1f9f6-50d9-71bd-a02b-8e6b02808018');

describe('a desk over a real engine and server', () => {
  test('shows what lies in the folder, and how it goes with it', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.jpg'), 'picture');
    await desk.settled();
    expect(await desk.item('a.jpg')).toMatchObject({ size: 7, type: 'image', sync: { state: 'synced' } });
    expect(desk.snapshot()).toMatchObject({
      sync: { state: 'idle' },
      library: { files: 1, complete: true },
      transfers: { done: 1 },
      trouble: null,
    });
    await expect.poll(() => desk.snapshot().account).toMatchObject({ name: 'ann', device: 'Studio', own: true });
    await expect.poll(() => desk.snapshot().storage?.usedBytes, { timeout: 8_000 }).toBe(7);
    expect(await desk.get('transfers.rows', { group: 'done', from: 0, to: 9 })).toMatchObject([
      { name: 'a.jpg', direction: 'up', bytesTotal: 7 },
    ]);
  });

  test('renames, moves, trashes and restores, and the disk follows', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'hello');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    const folder = await desk.get('folders.create', { parent: null, name: 'Sub' });
    await desk.get('nodes.rename', { id, name: 'b.txt' });
    await desk.settled();
    await desk.get('nodes.move', { ids: [id], folder });
    await desk.settled();
    expect(readFileSync(join(desk.folder, 'Sub', 'b.txt'), 'utf8')).toBe('hello');
    expect(await desk.get('library.item', { id })).toMatchObject({ name: 'b.txt', path: ['Sub'], onDisk: true });

    await desk.get('nodes.trash', { ids: [id] });
    await desk.settled();
    expect(existsSync(join(desk.folder, 'Sub', 'b.txt'))).toBe(false);
    await expect.poll(() => desk.names(TRASH), { timeout: 5_000 }).toEqual(['b.txt']);
    await desk.get('nodes.restore', { ids: [id] });
    await desk.settled();
    expect(readFileSync(join(desk.folder, 'Sub', 'b.txt'), 'utf8')).toBe('hello');
    await expect.poll(() => desk.names(TRASH), { timeout: 5_000 }).toEqual([]);
  });

  test('shows a rename at once, also while sync is paused', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'hello');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    await desk.get('sync.pause', { until: 'resumed' });
    await desk.get('nodes.rename', { id, name: 'b.txt' });
    await expect.poll(() => desk.names()).toEqual(['b.txt']);
    expect(desk.snapshot().sync).toMatchObject({ state: 'paused', pausedUntil: null });
  });

  test('purges for ever what it is asked to, and empties the trash', async () => {
    const desk = await realDesk();
    for (const name of ['a.txt', 'b.txt']) writeFileSync(join(desk.folder, name), name);
    await desk.settled();
    const [a, b] = await desk.items();
    if (!a || !b) throw new Error('Two files were to be there.');
    await desk.get('nodes.trash', { ids: [a.id, b.id] });
    await expect.poll(() => desk.names(TRASH), { timeout: 5_000 }).toEqual(['a.txt', 'b.txt']);
    await desk.get('nodes.purge', { ids: [a.id] });
    expect(await desk.names(TRASH)).toEqual(['b.txt']);
    await desk.get('trash.empty', {});
    expect(await desk.names(TRASH)).toEqual([]);
    expect(await desk.ask('nodes.restore', { ids: [a.id] })).toMatchObject({ ok: false, code: 'gone' });
  });

  test('says what is said of files to the user’s other devices', async () => {
    const studio = await realDesk();
    const laptop = await realDesk({ beside: studio, device: 'Laptop' });
    writeFileSync(join(studio.folder, 'a.jpg'), 'picture');
    await studio.settled();
    const { id } = await studio.item('a.jpg');
    await studio.get('nodes.favourite', { ids: [id], on: true });
    await studio.get('nodes.tag', { ids: [id], add: ['Sea', 'Summer'], remove: [] });
    await expect
      .poll(() => laptop.items({ place: { kind: 'favourites' } }), { timeout: 15_000 })
      .toMatchObject([{ name: 'a.jpg', tags: ['Sea', 'Summer'] }]);
    expect(await laptop.get('tags.list', { prefix: 's', limit: 5 })).toEqual([
      { tag: 'Sea', count: 1 },
      { tag: 'Summer', count: 1 },
    ]);
  });

  test('lists earlier versions, and brings one back', async () => {
    const desk = await realDesk();
    const path = join(desk.folder, 'a.txt');
    writeFileSync(path, 'first');
    await desk.settled();
    writeFileSync(path, 'second one');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    const versions = await desk.get('versions.list', { id });
    expect(versions.map(({ size, current }) => [size, current])).toEqual([
      [10, true],
      [5, false],
    ]);
    await desk.get('versions.restore', { id, contentRev: versions[1]?.contentRev ?? 0 });
    await desk.settled();
    expect(readFileSync(path, 'utf8')).toBe('first');
  });

  test('shares a file by a link that can be taken back', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'hello');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    const link = await desk.get('links.create', { id, seconds: 3_600 });
    expect(await (await fetch(link.url)).text()).toBe('hello');
    expect(await desk.get('links.list', { id })).toMatchObject([{ id: link.id }]);
    await desk.get('links.revoke', { link: link.id });
    expect(await desk.get('links.list', { id })).toEqual([]);
    expect((await fetch(link.url)).status).not.toBe(200);
  });

  test('tells what happened, newest first, a page at a time', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'hello');
    await desk.settled();
    const { id } = await desk.item('a.txt');
    await desk.get('nodes.trash', { ids: [id] });
    const rows = () => desk.get('activity.rows', { before: null, limit: 50 });
    await expect.poll(async () => (await rows())[0]).toMatchObject({ action: 'delete', path: 'a.txt', by: 'Studio' });
    const all = await rows();
    const [newest] = await desk.get('activity.rows', { before: null, limit: 1 });
    const [next] = await desk.get('activity.rows', { before: newest?.id ?? 0, limit: 1 });
    expect([newest, next]).toEqual(all.slice(0, 2));
  });

  test('lists devices, lets one more in, and takes access back', async () => {
    const desk = await realDesk();
    await realDesk({ beside: desk, device: 'Laptop' });
    const devices = await desk.get('devices.list', {});
    expect(devices.map(({ name, thisOne }) => [name, thisOne])).toEqual(
      expect.arrayContaining([
        ['Studio', true],
        ['Laptop', false],
      ]),
    );
    expect((await desk.get('devices.pair', {})).code).toMatch(/^\w{4}-\w{4}$/);
    await desk.get('devices.revoke', { device: devices.find(({ name }) => name === 'Laptop')?.id ?? '' });
    expect((await desk.get('devices.list', {})).map(({ name }) => name)).toEqual(['Studio']);
  });

  test('puts one transfer off, and lets it go again', async () => {
    const desk = await realDesk();
    await desk.settled();
    await desk.get('settings.change', { limitUp: 50_000 });
    writeFileSync(join(desk.folder, 'large.bin'), Buffer.alloc(2_000_000, 7));
    await expect
      .poll(() => desk.get('transfers.rows', { group: 'active', from: 0, to: 9 }), { timeout: 15_000 })
      .toHaveLength(1);
    const { id } = await desk.item('large.bin');
    await desk.get('transfers.pause', { id, on: true });
    await expect
      .poll(() => desk.get('transfers.rows', { group: 'waiting', from: 0, to: 9 }), { timeout: 10_000 })
      .toMatchObject([{ name: 'large.bin', paused: true, message: null, bytesTotal: 2_000_000 }]);
    expect(desk.snapshot().transfers.active).toBe(0);
    await desk.get('settings.change', { limitUp: null });
    await desk.get('transfers.pause', { id, on: false });
    await expect.poll(() => desk.snapshot().transfers.done, { timeout: 15_000 }).toBe(1);
  });

  test('cancels a transfer: the file is left alone, listed with the reason, and goes up when it is tried again', async () => {
    const desk = await realDesk();
    await desk.settled();
    await desk.get('settings.change', { limitUp: 50_000 });
    writeFileSync(join(desk.folder, 'large.bin'), Buffer.alloc(2_000_000, 7));
    const rows = (group: 'active' | 'failed') => desk.get('transfers.rows', { group, from: 0, to: 9 });
    await expect.poll(() => rows('active'), { timeout: 15_000 }).toHaveLength(1);
    const { id } = await desk.item('large.bin');
    await desk.get('transfers.cancel', { id });
    await expect
      .poll(() => rows('failed'), { timeout: 10_000 })
      .toMatchObject([
        { name: 'large.bin', message: expect.stringMatching(/^You cancelled this transfer: .* try it again\.$/) },
      ]);
    await desk.get('transfers.retry', { id: null });
    await desk.get('settings.change', { limitUp: null });
    await desk.settled();
    expect(desk.snapshot()).toMatchObject({ sync: { state: 'idle' }, problems: { count: 1 } });
    await desk.get('transfers.retry', { id });
    await expect.poll(() => desk.snapshot().transfers.done, { timeout: 15_000 }).toBe(1);
  });

  test('renames what cannot be synced for its name to what is proposed, in one step', async () => {
    const desk = await realDesk();
    mkdirSync(join(desk.folder, 'Set'));
    writeFileSync(join(desk.folder, 'Set', 'take\n1.wav'), 'x');
    await desk.settled();
    const [row] = await desk.get('problems.rows', { from: 0, to: 9 });
    expect(row).toMatchObject({ kind: 'name', folder: 'Set', suggestion: 'take_1.wav' });
    await desk.get('problems.rename', { id: row?.id ?? '' });
    await desk.settled();
    expect(await desk.names()).toContain('take_1.wav');
    expect(desk.snapshot().problems.count).toBe(0);
  });

  test('settles all conflicts at once', async () => {
    const desk = await realDesk();
    for (const name of ['a', 'b']) {
      writeFileSync(join(desk.folder, `${name}.txt`), 'theirs');
      writeFileSync(join(desk.folder, `${name} (conflicted copy, Studio 2026-11-20 1402).txt`), 'mine');
    }
    await desk.settled();
    await expect.poll(() => desk.snapshot().problems.conflicts).toBe(2);
    await desk.get('conflict.resolve', { ids: 'all', keep: 'mine' });
    await desk.settled();
    expect(await desk.names()).toEqual(['a.txt', 'b.txt']);
    for (const name of ['a', 'b']) expect(readFileSync(join(desk.folder, `${name}.txt`), 'utf8')).toBe('mine');
  });

  test.each([
    ['mine', ['a.txt'], 'mine, longer'],
    ['theirs', ['a.txt'], 'theirs'],
    ['both', ['a (Studio).txt', 'a.txt'], 'theirs'],
  ] as const)('settles a conflict by keeping %s', async (keep, names, content) => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'theirs');
    writeFileSync(join(desk.folder, 'a (conflicted copy, Studio 2026-11-20 1402).txt'), 'mine, longer');
    await desk.settled();
    await expect.poll(() => desk.snapshot().problems.conflicts).toBe(1);
    const [row] = await desk.get('problems.rows', { from: 0, to: 9 });
    expect(row).toMatchObject({
      kind: 'conflict',
      name: 'a.txt',
      mine: { size: 12, device: 'Studio' },
      theirs: { size: 6 },
    });
    await desk.get('conflict.resolve', { ids: [row?.id ?? ''], keep });
    await desk.settled();
    expect(await desk.names()).toEqual(names);
    expect(readFileSync(join(desk.folder, 'a.txt'), 'utf8')).toBe(content);
    await expect.poll(() => desk.snapshot().problems.conflicts).toBe(0);
  });

  test('lets a person decide about held deletes', async () => {
    const desk = await realDesk();
    for (let i = 0; i < 20; i += 1) writeFileSync(join(desk.folder, `${i}.txt`), `${i}`);
    await desk.settled();
    const other = await realDesk({ beside: desk, device: 'Laptop' });
    await other.settled();
    await desk.get('sync.pause', { until: 'resumed' });
    for (let i = 0; i < 20; i += 1) rmSync(join(desk.folder, `${i}.txt`));
    await desk.get('sync.resume', {});
    desk.session.engine.syncNow();
    await expect.poll(() => desk.snapshot().problems.heldDeletes, { timeout: 15_000 }).toBe(20);
    expect(await desk.get('problems.held', { direction: 'remote', from: 0, to: 3 })).toHaveLength(3);
    await desk.get('deletes.decide', { direction: 'remote', happen: false });
    await desk.settled();
    expect(existsSync(join(desk.folder, '7.txt'))).toBe(true);
  });
});

describe('what goes in and out', () => {
  test('is refused in one sentence when it is unknown, malformed or impossible', async () => {
    const desk = await realDesk();
    const asked: [unknown, unknown][] = [
      ['nonsense', {}],
      ['constructor', {}],
      [null, {}],
      ['nodes.rename', { id: '../etc/passwd', name: 'x' }],
      ['library.rows', { view: 1 }],
      ['library.rows', { view: 999, from: 0, to: 1 }],
      ['nodes.rename', { id: nobody, name: 'a/b' }],
      ['nodes.rename', { id: nobody, name: 'x' }],
      ['files.open', { id: nobody }],
      ['versions.list', { id: nobody }],
      ['conflict.resolve', { ids: ['x'], keep: 'mine' }],
      ['setup.begin', { server: { kind: 'own' } }],
    ];
    for (const [command, input] of asked) {
      const outcome = await desk.desk.ask(command, input);
      expect(outcome, `${command}`).toMatchObject({ ok: false, message: expect.stringMatching(/^[A-Z“.].*\.$/s) });
    }
  });
  test('comes as numbered deltas of what is different, and of nothing else', async () => {
    const desk = await realDesk();
    await desk.settled();
    const { n } = desk.desk.snapshot();
    const deltas: Delta[] = [];
    desk.desk.follow((delta) => deltas.push(delta));
    await desk.get('settings.change', { appearance: 'dark' });
    await expect.poll(() => deltas.some(({ slices }) => slices.settings?.appearance === 'dark')).toBe(true);
    expect(deltas.map((delta) => delta.n)).toEqual(deltas.map((_delta, i) => n + 1 + i));
    expect(deltas.flatMap(({ slices }) => Object.keys(slices))).not.toContain('host');
  });
  test('comes at most ten times a second', async () => {
    const desk = await realDesk();
    await desk.settled();
    const at: number[] = [];
    desk.desk.follow(() => at.push(performance.now()));
    for (let i = 0; i < 30; i += 1) {
      desk.desk.trouble(`${i}`);
      await new Promise((later) => setTimeout(later, 10));
    }
    await expect.poll(() => desk.snapshot().trouble).toBe('29');
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(80);
  });
});

describe('settings', () => {
  test('are stored, applied and known to the host', async () => {
    const onSettings = vi.fn();
    const desk = await realDesk({ host: { onSettings } });
    const setLimits = vi.spyOn(desk.session.engine.insight, 'setLimits');
    await desk.get('settings.change', { limitUp: 1_000_000, appearance: 'dark' });
    expect(setLimits).toHaveBeenCalledExactlyOnceWith(1_000_000, null);
    expect(onSettings).toHaveBeenLastCalledWith(expect.objectContaining({ appearance: 'dark' }));
    const stored = JSON.parse(readFileSync(join(desk.stateDir, 'settings.json'), 'utf8'));
    expect(stored).toMatchObject({ limitUp: 1_000_000, appearance: 'dark', notifications: 'all' });
  });
  test('of patterns show what these would keep from being synced', async () => {
    const desk = await realDesk();
    for (const name of ['a.log', 'b.log', 'c.txt']) writeFileSync(join(desk.folder, name), name);
    await desk.settled();
    expect(await desk.get('ignore.preview', { patterns: '*.log\n' })).toEqual({
      count: 2,
      examples: ['a.log', 'b.log'],
      fault: null,
    });
    await desk.get('ignore.save', { patterns: '*.log\n' });
    expect(await desk.get('ignore.read', {})).toBe('*.log\n');
  });
});

describe('adding a file', () => {
  const add = (desk: Awaited<ReturnType<typeof realDesk>>, path: readonly string[], text: string) =>
    addFile(desk.session.engine.insight, {
      folder: null,
      path,
      mtimeMs: 1_700_000_000_000,
      body: Readable.from([text]),
    });

  test('never replaces what is there', async () => {
    const desk = await realDesk();
    writeFileSync(join(desk.folder, 'a.txt'), 'mine');
    await add(desk, ['a.txt'], 'new');
    await add(desk, ['a.txt'], 'newer');
    expect(readFileSync(join(desk.folder, 'a.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(desk.folder, 'a (2).txt'), 'utf8')).toBe('new');
    expect(readFileSync(join(desk.folder, 'a (3).txt'), 'utf8')).toBe('newer');
  });
  test('makes the folders that it came in', async () => {
    const desk = await realDesk();
    await add(desk, ['2026', 'May', 'a.txt'], 'x');
    expect(existsSync(join(desk.folder, '2026', 'May', 'a.txt'))).toBe(true);
  });
  test.each([[['..', 'a.txt']], [['a/b.txt']], [['.driftless', 'a.txt']], [['']], [['a\0b']], [[]]])(
    'refuses the path %j',
    async (path) => {
      const desk = await realDesk();
      await expect(add(desk, path, 'x')).rejects.toBeInstanceOf(Refusal);
    },
  );
  test('leaves nothing behind when it breaks off', async () => {
    const desk = await realDesk();
    const body = Readable.from(
      (async function* () {
        yield 'half';
        throw new Error('gone');
      })(),
    );
    const broken = addFile(desk.session.engine.insight, { folder: null, path: ['a.txt'], mtimeMs: null, body });
    await expect(broken).rejects.toThrow();
    await desk.settled();
    expect(existsSync(join(desk.folder, 'a.txt'))).toBe(false);
    expect(await desk.names()).toEqual([]);
  });
});
