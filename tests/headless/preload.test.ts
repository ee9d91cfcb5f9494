import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DriftlessWindow } from '../../shared/desktop/window.ts';
import { calm } from '../app/snapshot.ts';

const electron = vi.hoisted(() => ({
  exposed: {} as Record<string, unknown>,
  contextBridge: {
    exposeInMainWorld(name: string, value: unknown) {
      electron.exposed[name] = value;
    },
  },
  ipcRenderer: { on: vi.fn(), off: vi.fn(), send: vi.fn(), invoke: vi.fn() },
  webUtils: { getPathForFile: vi.fn() },
}));
vi.mock('electron', () => electron);

beforeEach(async () => {
  await import('../../preload/index.ts');
});
afterEach(() => {
  vi.resetModules();
  vi.resetAllMocks();
});

const driftless = (): DriftlessWindow => electron.exposed.driftless as DriftlessWindow;
const added = (name: string) => ({ file: new File([], name), path: [name] });

test('the built preload script is at most 2 kB', () => {
  expect(statSync(resolve(import.meta.dirname, '../../out/preload/index.cjs')).size).toBeLessThanOrEqual(2048);
});

describe('window.driftless', () => {
  test('is these functions and nothing else', () => {
    expect(Object.keys(electron.exposed)).toEqual(['driftless']);
    expect(Object.entries(driftless()).map(([name, value]) => [name, typeof value])).toEqual(
      ['follow', 'resync', 'ask', 'addFiles', 'dragOut', 'onShow'].map((name) => [name, 'function']),
    );
  });
  test('ask sends a command and its input, and gives its outcome back', async () => {
    electron.ipcRenderer.invoke.mockResolvedValue({ ok: true, value: null });
    expect(await driftless().ask('sync.now', {})).toEqual({ ok: true, value: null });
    expect(electron.ipcRenderer.invoke).toHaveBeenCalledExactlyOnceWith('driftless:ask', 'sync.now', {});
  });
  test('follow asks for a snapshot and passes on what comes, never the event', () => {
    const listener = vi.fn();
    driftless().follow(listener);
    expect(electron.ipcRenderer.send).toHaveBeenCalledExactlyOnceWith('driftless:resync');
    const told = { n: 1, snapshot: calm() };
    electron.ipcRenderer.on.mock.calls[0]?.[1]({ sender: 'secret' }, told);
    expect(listener).toHaveBeenCalledExactlyOnceWith(told);
  });
  test('unsubscribing ends it', () => {
    driftless().follow(vi.fn())();
    expect(electron.ipcRenderer.off.mock.calls[0]).toEqual(electron.ipcRenderer.on.mock.calls[0]);
  });
  test('added files go by the path that the system knows of them, one by one', async () => {
    electron.webUtils.getPathForFile.mockImplementation(({ name }: File) => `/home/a/${name}`);
    electron.ipcRenderer.invoke.mockResolvedValue({ ok: true, value: null });
    const done = vi.fn();
    expect(await driftless().addFiles([added('a.jpg'), added('b.jpg')], null, done)).toEqual({
      ok: true,
      value: { added: 2 },
    });
    expect(electron.ipcRenderer.invoke.mock.calls).toEqual([
      ['driftless:add', { source: '/home/a/a.jpg', path: ['a.jpg'], folder: null }],
      ['driftless:add', { source: '/home/a/b.jpg', path: ['b.jpg'], folder: null }],
    ]);
    expect(done.mock.calls).toEqual([[1], [2]]);
  });
  test('adding ends with the first file that is refused', async () => {
    const refusal = { ok: false, code: 'failed', message: 'No.' };
    electron.ipcRenderer.invoke.mockResolvedValue(refusal);
    expect(await driftless().addFiles([added('a.jpg'), added('b.jpg')], null, vi.fn())).toEqual(refusal);
    expect(electron.ipcRenderer.invoke).toHaveBeenCalledOnce();
  });
  test('who wants to know what to show says so, and hears it', () => {
    const listener = vi.fn();
    driftless().onShow(listener);
    expect(electron.ipcRenderer.send).toHaveBeenCalledExactlyOnceWith('driftless:listens');
    electron.ipcRenderer.on.mock.calls[0]?.[1]({ sender: 'secret' }, { show: 'trash' });
    expect(listener).toHaveBeenCalledExactlyOnceWith({ show: 'trash' });
  });
});
