import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DriftlessWindow, Snapshot } from '../../shared/desktop/contract.ts';

const electron = vi.hoisted(() => ({
  exposed: {} as Record<string, unknown>,
  contextBridge: {
    exposeInMainWorld(name: string, value: unknown) {
      electron.exposed[name] = value;
    },
  },
  ipcRenderer: { on: vi.fn(), off: vi.fn(), invoke: vi.fn() },
}));
vi.mock('electron', () => electron);

const quiet: Snapshot = { folder: '~/Driftless', view: null, problems: [], trouble: null };
const pushed: Snapshot = { ...quiet, trouble: 'The engine stopped.' };

beforeEach(async () => {
  electron.ipcRenderer.invoke.mockResolvedValue(quiet);
  await import('../../preload/index.ts');
});
afterEach(() => {
  vi.resetModules();
  vi.resetAllMocks();
});

const driftless = (): DriftlessWindow => electron.exposed.driftless as DriftlessWindow;

test('the built preload script is at most 2 kB', () => {
  expect(statSync(resolve(import.meta.dirname, '../../out/preload/index.cjs')).size).toBeLessThanOrEqual(2048);
});

describe('window.driftless', () => {
  test('is four functions and nothing else', () => {
    expect(Object.keys(electron.exposed)).toEqual(['driftless']);
    expect(Object.entries(driftless()).map(([name, value]) => [name, typeof value])).toEqual([
      ['onStatus', 'function'],
      ['syncNow', 'function'],
      ['pause', 'function'],
      ['resume', 'function'],
    ]);
  });
  test.each(['syncNow', 'pause', 'resume'] as const)(
    '%s asks by its name alone, whatever it is called with',
    async (name) => {
      const call = driftless()[name] as (...args: unknown[]) => Promise<unknown>;
      await call('../../etc', { evil: true });
      expect(electron.ipcRenderer.invoke).toHaveBeenCalledExactlyOnceWith('driftless:ask', name);
    },
  );
  test('onStatus gives the snapshot of this moment, then each that comes, never the event', async () => {
    const listener = vi.fn();
    driftless().onStatus(listener);
    await vi.waitFor(() => expect(listener).toHaveBeenCalledExactlyOnceWith(quiet));
    const hear = electron.ipcRenderer.on.mock.calls[0]?.[1];
    hear({ sender: 'secret' }, pushed);
    expect(listener).toHaveBeenLastCalledWith(pushed);
  });
  test('an older snapshot never replaces one that was pushed meanwhile', async () => {
    const asked = Promise.withResolvers<Snapshot>();
    electron.ipcRenderer.invoke.mockReturnValue(asked.promise);
    const listener = vi.fn();
    driftless().onStatus(listener);
    electron.ipcRenderer.on.mock.calls[0]?.[1]({}, pushed);
    asked.resolve(quiet);
    await asked.promise;
    expect(listener).toHaveBeenCalledExactlyOnceWith(pushed);
  });
  test('unsubscribing ends it', async () => {
    const asked = Promise.withResolvers<Snapshot>();
    electron.ipcRenderer.invoke.mockReturnValue(asked.promise);
    const listener = vi.fn();
    driftless().onStatus(listener)();
    asked.resolve(quiet);
    await asked.promise;
    expect(electron.ipcRenderer.off.mock.calls[0]).toEqual(electron.ipcRenderer.on.mock.calls[0]);
    expect(listener).not.toHaveBeenCalled();
  });
});
