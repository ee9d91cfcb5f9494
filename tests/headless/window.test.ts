import type { Session as ElectronSession, WebContents } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { denyNavigation, denyPermissions } from '../../main/app/denials.ts';
import { type Doors, gate, type Sender } from '../../main/app/gate.ts';
import { CONTENT_SECURITY_POLICY, headersFor, uiFile } from '../../main/app/scheme.ts';
import { windowOptions } from '../../main/app/windowOptions.ts';
import { COMMANDS, type CommandName } from '../../shared/desktop/commands.ts';

describe('the window', () => {
  test('has every guard written out and on', () => {
    expect(windowOptions({ preload: '/p', dark: false }).webPreferences).toEqual({
      preload: '/p',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      plugins: false,
      safeDialogs: true,
      spellcheck: false,
      backgroundThrottling: true,
      devTools: false,
    });
  });
  test('shows itself painted, in the colour of its theme', () => {
    expect(windowOptions({ preload: '/p', dark: true })).toMatchObject({ show: false, backgroundColor: '#171716' });
    expect(windowOptions({ preload: '/p', dark: false })).toMatchObject({ show: false, backgroundColor: '#fcfcfb' });
  });
});

describe('app://', () => {
  test.each([
    ['app://ui/', '/ui/index.html'],
    ['app://ui/index.html', '/ui/index.html'],
    ['app://ui/assets/index-x1.js', '/ui/assets/index-x1.js'],
    ['app://ui/assets/index.css?v=1#top', '/ui/assets/index.css'],
  ])('%s is %s', (address, file) => {
    expect(uiFile('/ui', address)).toBe(file);
  });
  test.each([
    'app://ui/..%2fsecret.js',
    'app://ui/assets/%2e%2e%2f%2e%2e%2fsecret.js',
    'app://ui/..%5csecret.js',
    'app://ui/%00.js',
    'app://ui/%ff.js',
    'app://ui/state.db',
    'app://ui/assets',
    'app://thumb/index.html',
    'file:///ui/index.html',
    'https://ui/index.html',
    'nonsense',
  ])('%s is nothing', (address) => {
    expect(uiFile('/ui', address)).toBeUndefined();
  });
  test.each(['app://ui/../../index.html', 'app://ui/%2e%2e/%2E%2e/index.html', 'app://ui/a/../index.html'])(
    '%s climbs no higher than the page',
    (address) => {
      expect(uiFile('/ui', address)).toBe('/ui/index.html');
    },
  );
  test('the page may load its own parts and nothing else', () => {
    expect(headersFor('/ui/index.html')).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    });
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    // Files' bytes come from this computer alone.
    expect(CONTENT_SECURITY_POLICY.replaceAll('http://127.0.0.1:*', '')).not.toMatch(/unsafe|\*|https?:/);
    expect(CONTENT_SECURITY_POLICY).toMatch(/script-src 'self';/);
  });
});

describe('the gate', () => {
  const done = { ok: true, value: null } as const;
  const doors = () => ({
    ourContents: () => 7,
    ask: vi.fn<Doors['ask']>(async () => done),
    add: vi.fn<Doors['add']>(async () => done),
    resync: vi.fn<Doors['resync']>(),
    listens: vi.fn<Doors['listens']>(),
    drag: vi.fn<Doors['drag']>(),
  });
  const ours: Sender = { contentsId: 7, frame: { url: 'app://ui/', isMain: true } };
  const names = Object.keys(COMMANDS) as CommandName[];
  const id = '01a1f9f6-50d9-71bd-a02b-8e6b02808018';
  const file = { source: '/home/a/b.jpg', path: ['b.jpg'], folder: null };

  test.each(names)('lets our page ask for %s', async (command) => {
    const door = doors();
    expect(await gate(door).ask(ours, command, { any: 'input' })).toEqual(done);
    expect(door.ask).toHaveBeenCalledExactlyOnceWith(command, { any: 'input' });
  });
  test('lets our page ask how things stand, add a file and drag files out', async () => {
    const door = doors();
    gate(door).resync(ours);
    gate(door).listens(ours);
    gate(door).drag(ours, [id]);
    await gate(door).add(ours, file);
    expect(door.resync).toHaveBeenCalledOnce();
    expect(door.listens).toHaveBeenCalledOnce();
    expect(door.drag).toHaveBeenCalledExactlyOnceWith([id]);
    expect(door.add).toHaveBeenCalledExactlyOnceWith(file);
  });

  const strangers: [string, Sender][] = [
    ['another window', { ...ours, contentsId: 8 }],
    ['a frame that is gone', { ...ours, frame: null }],
    ['a frame inside our page', { ...ours, frame: { url: 'app://ui/', isMain: false } }],
    ['another page', { ...ours, frame: { url: 'https://example.org/', isMain: true } }],
    ['another host of our scheme', { ...ours, frame: { url: 'app://content/', isMain: true } }],
    ['a host that begins like ours', { ...ours, frame: { url: 'app://ui.example.org/', isMain: true } }],
    ['a file', { ...ours, frame: { url: 'file:///ui/', isMain: true } }],
    ['no address at all', { ...ours, frame: { url: '', isMain: true } }],
  ];
  test.each(strangers)('keeps %s out of every channel', async (_who, sender) => {
    const door = doors();
    const gated = gate(door);
    for (const command of names) expect(await gated.ask(sender, command, {})).toMatchObject({ code: 'refused' });
    expect(await gated.add(sender, file)).toMatchObject({ code: 'refused' });
    gated.resync(sender);
    gated.listens(sender);
    gated.drag(sender, [id]);
    for (const way of [door.ask, door.add, door.resync, door.listens, door.drag]) expect(way).not.toHaveBeenCalled();
  });
  test('keeps out everybody while there is no window', async () => {
    const gated = gate({ ...doors(), ourContents: () => null });
    expect(await gated.ask(ours, 'sync.now', {})).toMatchObject({ code: 'refused' });
  });
  test.each([['quit'], [''], [null], [{ command: 'sync.now' }], [['sync.now']], ['constructor'], [undefined]])(
    'refuses the word %j',
    async (asked) => {
      const door = doors();
      expect(await gate(door).ask(ours, asked, {})).toMatchObject({ ok: false, code: 'refused' });
      expect(door.ask).not.toHaveBeenCalled();
    },
  );
  test.each([[null], [{}], [{ ...file, path: [] }], [{ ...file, folder: '../..' }], [{ ...file, source: '' }]])(
    'refuses the file %j',
    async (asked) => {
      const door = doors();
      expect(await gate(door).add(ours, asked)).toMatchObject({ ok: false, code: 'refused' });
      expect(door.add).not.toHaveBeenCalled();
    },
  );
  test.each([[null], [[]], [['/etc/passwd']], [id]])('lets nobody drag %j', (asked) => {
    const door = doors();
    gate(door).drag(ours, asked);
    expect(door.drag).not.toHaveBeenCalled();
  });
});

describe('denials', () => {
  const page = { isMainFrame: true, requestingUrl: 'app://ui/' };
  test.each([
    ['media', page, false],
    ['clipboard-read', page, false],
    ['clipboard-sanitized-write', page, true],
    ['fullscreen', page, true],
    ['loopback-network', page, true],
    ['local-network', page, false],
    ['fullscreen', { ...page, isMainFrame: false }, false],
    ['clipboard-sanitized-write', { ...page, requestingUrl: 'http://127.0.0.1:4711/ticket/id' }, false],
    ['clipboard-sanitized-write', { ...page, requestingUrl: 'app://ui.example.org/' }, false],
  ])('the permission %s, asked for by %o, is granted: %s', (permission, from, granted) => {
    const handlers: Record<string, (...args: unknown[]) => unknown> = {};
    const keep = (name: string) => (handler: (...args: unknown[]) => unknown) => {
      handlers[name] = handler;
    };
    denyPermissions({
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
    } as unknown as ElectronSession);
    const answer = vi.fn();
    handlers.request?.(null, permission, answer, from);
    expect(answer).toHaveBeenCalledExactlyOnceWith(granted);
    expect(handlers.check?.(null, permission, from.requestingUrl, from)).toBe(granted);
    expect(handlers.device?.({})).toBe(false);
  });
  test('the page cannot leave, open a window or attach a webview', () => {
    const listeners: Record<string, (event: { preventDefault(): void; isMainFrame: boolean; url: string }) => void> =
      {};
    let open: (() => unknown) | undefined;
    denyNavigation({
      on: (name: string, listener: () => void) => {
        listeners[name] = listener;
      },
      setWindowOpenHandler: (handler: () => unknown) => {
        open = handler;
      },
    } as unknown as WebContents);
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      listeners[name]?.({ preventDefault, isMainFrame: false, url: 'https://example.org/' });
      expect(preventDefault, name).toHaveBeenCalledOnce();
    }
    expect(open?.()).toEqual({ action: 'deny' });
    const again = vi.fn();
    listeners['will-navigate']?.({ preventDefault: again, isMainFrame: true, url: 'app://ui/' });
    expect(again, 'to itself').not.toHaveBeenCalled();
  });
});
