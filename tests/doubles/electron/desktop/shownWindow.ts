import { randomUUID } from 'node:crypto';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright';
import type { MadeWindow, ToApp, WindowDeed } from '../wire.ts';
import { SERVED_ADDRESSES, toChromium, toElectron } from './addresses.ts';
import { BINDING, type FromPreload, PRELOAD_WORLD, pageScript, preloadScript } from './worlds.ts';

/** What a window asks of the app behind it. */
export interface AppBehind {
  tell(message: ToApp): void;
  /** Rejects when the app failed. */
  ask<T>(question: (ask: number) => ToApp): Promise<T>;
}

interface Answered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

const PERMISSIONS = [
  ['loopback-network', 'local-network-access'],
  ['clipboard-sanitized-write', 'clipboard-write'],
] as const;

/** One window of the app on the desktop: a page of Chromium, and what Electron's native half would do around it. */
export class ShownWindow {
  readonly id: number;
  visible = false;
  minimised = false;
  readonly #made: MadeWindow;
  readonly #context: BrowserContext;
  readonly #app: AppBehind;
  readonly #faults: string[];
  readonly #secret = randomUUID();
  #page: Page | null = null;
  #preload: { readonly session: CDPSession; readonly contextId: number } | null = null;
  #url = '';
  #gone = false;
  #painted = false;
  #work: Promise<void> = Promise.resolve();

  constructor(made: MadeWindow, context: BrowserContext, app: AppBehind, faults: string[]) {
    this.id = made.id;
    this.#made = made;
    this.#context = context;
    this.#app = app;
    this.#faults = faults;
  }

  /** null while there is no page, or its process has crashed. */
  get page(): Page | null {
    return this.#page;
  }

  load(url: string): void {
    this.#url = url;
    this.#later(async () => {
      this.#page ??= await this.#newPage();
      await this.#page.goto(toChromium(url), { waitUntil: 'load' });
      this.#app.tell({ type: 'news', id: this.id, news: 'did-finish-load' });
      if (!this.#painted) this.#app.tell({ type: 'news', id: this.id, news: 'ready-to-show' });
      this.#painted = true;
    });
  }

  do(deed: WindowDeed): void {
    switch (deed) {
      case 'show':
        this.visible = true;
        break;
      case 'hide':
        this.visible = false;
        break;
      case 'minimize':
        this.minimised = true;
        break;
      case 'restore':
        this.minimised = false;
        break;
      case 'focus':
        break;
      case 'reload':
        this.load(this.#url);
        break;
      case 'destroy':
        this.#gone = true;
        this.visible = false;
        this.#later(async () => this.#page?.close());
        break;
    }
  }

  send(channel: string, args: readonly unknown[]): void {
    this.#evaluate(`driftlessHear.channel(${JSON.stringify(channel)}, ${JSON.stringify(args)})`);
  }

  /** The page's process ends as if by a fault of Chromium. */
  async crash(): Promise<void> {
    const page = this.#page;
    if (page === null) throw new Error('There is no page to crash');
    const crashed = new Promise((done) => page.once('crash', done));
    const session = await this.#context.newCDPSession(page);
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  #later(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      if (!this.#gone)
        this.#faults.push(`window ${this.id}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  async #newPage(): Promise<Page> {
    await this.#grantPermissions();
    const page = await this.#context.newPage();
    await page.setViewportSize({ width: this.#made.width, height: this.#made.height });
    page.on('pageerror', (error) => this.#faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED/.test(message.text()))
        this.#faults.push(message.text());
    });
    page.on('popup', (popup) => void this.#askPopup(popup));
    page.on('crash', () => {
      this.#page = null;
      this.#preload = null;
      this.#app.tell({ type: 'news', id: this.id, news: 'crashed' });
    });
    await page.route('**/*', (route) => this.#routed(route));
    const session = await this.#context.newCDPSession(page);
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { isDefault, frameId } = (context.auxData ?? {}) as { isDefault?: boolean; frameId?: string };
      if (context.name !== PRELOAD_WORLD || isDefault || frameId !== mainFrameId) return;
      this.#preload = { session, contextId: context.id };
    });
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== BINDING) return;
      const frame = { url: toElectron(page.url()), isMain: true };
      void this.#heard(JSON.parse(payload) as FromPreload, frame, { session, contextId: executionContextId });
    });
    const { frameTree } = await session.send('Page.getFrameTree');
    const mainFrameId = frameTree.frame.id;
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: BINDING, executionContextName: PRELOAD_WORLD });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(this.#secret) });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadScript(this.#secret, this.#made.preload),
      worldName: PRELOAD_WORLD,
    });
    return page;
  }

  /** Chromium knows them by other names than Electron. */
  async #grantPermissions(): Promise<void> {
    const { origin } = new URL(toChromium(this.#url));
    const { id } = this;
    const url = new URL(this.#url).href;
    for (const [permission, name] of PERMISSIONS) {
      const has = await this.#app.ask<boolean>((ask) => ({ type: 'permission', ask, id, permission, url }));
      if (has) await this.#context.grantPermissions([name], { origin });
    }
  }

  async #routed(route: Route): Promise<void> {
    const request = route.request();
    const url = toElectron(request.url());
    try {
      if (request.isNavigationRequest() && !(await this.#mayGo(request.frame() === this.#page?.mainFrame(), url))) {
        return await route.abort('aborted');
      }
      if (!SERVED_ADDRESSES.test(request.url())) return await route.continue();
      const method = request.method();
      const { status, headers, body } = await this.#app.ask<Answered>((ask) => ({ type: 'request', ask, method, url }));
      await route.fulfill({ status, headers, body: Buffer.from(body) });
    } catch (error) {
      if (!this.#gone && this.#page !== null) throw error;
    }
  }

  /** What the app itself loads asks nobody. */
  #mayGo(main: boolean, url: string): boolean | Promise<boolean> {
    if (main && url === this.#url) return true;
    return this.#app.ask<boolean>((ask) => ({ type: 'navigate', ask, id: this.id, url, main }));
  }

  async #askPopup(popup: Page): Promise<void> {
    const url = toElectron(popup.url());
    await this.#app.ask<boolean>((ask) => ({ type: 'open-window', ask, id: this.id, url }));
    await popup.close();
  }

  async #heard(
    message: FromPreload,
    frame: { readonly url: string; readonly isMain: boolean },
    world: { readonly session: CDPSession; readonly contextId: number },
  ): Promise<void> {
    this.#preload = world;
    const { id } = this;
    if (message.type === 'send') {
      const { channel, args } = message;
      return this.#app.tell({ type: 'ipc', ask: null, id, frame, channel, args });
    }
    const { n } = message;
    try {
      const value =
        message.type === 'paths'
          ? await pathsOf(world, n, message.count)
          : await this.#app.ask((ask) => ({
              type: 'ipc',
              ask,
              id,
              frame,
              channel: message.channel,
              args: message.args,
            }));
      this.#evaluate(`driftlessHear.answer(${n}, ${JSON.stringify(value ?? null)})`);
    } catch (error) {
      this.#evaluate(`driftlessHear.answer(${n}, null, ${JSON.stringify(String(error))})`);
    }
  }

  #evaluate(expression: string): void {
    // A page that is going away hears nothing more; Electron does not mind either.
    void this.#preload?.session
      .send('Runtime.evaluate', { expression, contextId: this.#preload.contextId })
      .catch(() => undefined);
  }
}

async function pathsOf(
  { session, contextId }: { readonly session: CDPSession; readonly contextId: number },
  n: number,
  count: number,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { result } = await session.send('Runtime.evaluate', { expression: `driftlessFiles[${n}][${i}]`, contextId });
    const { path } = await session.send('DOM.getFileInfo', { objectId: result.objectId ?? '' });
    paths.push(path);
  }
  return paths;
}
