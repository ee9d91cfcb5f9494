import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { expect, test, vi } from 'vitest';
import { AuthWindow } from '../../main/app/auth/authWindow.ts';

const KEY = `pk_test_${Buffer.from('clerk.example.test$').toString('base64')}`;
type Handler = (request: Request) => Promise<Response>;

/** The few parts of Electron that it uses. */
function scene() {
  let handler: Handler | null = null;
  const opened: { options: BrowserWindowConstructorOptions; window: EventEmitter; shown: boolean; gone: boolean }[] =
    [];
  const partitions: string[] = [];
  const guard = vi.fn();
  const protocol = {
    handle: (_scheme: string, answer: Handler) => {
      handler = answer;
    },
    unhandle: () => {
      handler = null;
    },
  };
  const auth = new AuthWindow({
    pages: '/nowhere',
    guard,
    sessionOf: (partition) => {
      partitions.push(partition);
      return { protocol } as unknown as Session;
    },
    open: (options) => {
      const one = { options, window: new EventEmitter(), shown: false, gone: false };
      opened.push(one);
      return Object.assign(one.window, {
        loadURL: async () => one.window.emit('ready-to-show'),
        show: () => (one.shown = true),
        isDestroyed: () => one.gone,
        destroy: () => (one.gone = true),
      }) as unknown as BrowserWindow;
    },
  });
  const ask = async (address: string, init?: RequestInit) => handler?.(new Request(address, init));
  return { auth, opened, partitions, guard, ask, listens: () => handler !== null };
}
const proof = (token: string | null): RequestInit => ({ method: 'POST', body: JSON.stringify({ token }) });
const turn = () => new Promise(setImmediate);

test('the window is sandboxed, has no preload script and a storage of its own', async () => {
  const { auth, opened, partitions, guard, ask } = scene();
  const token = auth.signIn({ publishableKey: KEY, quietly: false });
  await turn();
  expect(opened[0]?.options.webPreferences).toMatchObject({
    ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, devTools: false },
  });
  expect(opened[0]?.options.webPreferences).not.toHaveProperty('preload');
  expect(partitions).toEqual(['persist:auth']);
  expect(guard).toHaveBeenCalledOnce();
  await ask('app://auth/proof', proof('a token'));
  expect(await token).toBe('a token');
});

test('a proof comes from its own origin alone, and once; then the window is gone and nothing is answered', async () => {
  const { auth, opened, ask, listens } = scene();
  const token = auth.signIn({ publishableKey: KEY, quietly: false });
  await turn();
  expect((await ask('app://ui/proof', proof('forged')))?.status).toBe(404);
  expect((await ask('app://auth/config'))?.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect((await ask('app://auth/proof', { method: 'POST', body: 'nonsense' }))?.status).toBe(400);
  await ask('app://auth/proof', proof('a token'));
  expect(await token).toBe('a token');
  expect([opened[0]?.gone, listens()]).toEqual([true, false]);
});

test('who closes the window has not signed in', async () => {
  const { auth, opened } = scene();
  const token = auth.signIn({ publishableKey: KEY, quietly: false });
  await turn();
  expect(opened[0]?.shown).toBe(true);
  opened[0]?.window.emit('closed');
  expect(await token).toBeNull();
});

test('a quiet proof shows no window, and says when nobody is known', async () => {
  const { auth, opened, ask } = scene();
  const token = auth.signIn({ publishableKey: KEY, quietly: true });
  await turn();
  expect(opened[0]?.shown).toBe(false);
  await ask('app://auth/proof', proof(null));
  expect(await token).toBeNull();
});
