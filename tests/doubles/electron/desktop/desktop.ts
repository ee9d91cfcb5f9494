import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext } from 'playwright';
import { type DesktopFacts, FACTS_VARIABLE, type ShownTray, type ToApp, type ToDesktop } from '../wire.ts';
import { type AppBehind, ShownWindow } from './shownWindow.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../../..');
const NODE = join(CHECKOUT, 'node_modules/.bin/node');

export interface DesktopOptions extends Partial<Omit<DesktopFacts, 'userData'>> {
  /** Absolute path of a folder of its own: home, and everything below it. */
  readonly home: string;
  /** Something shows trays here. */
  readonly tray: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Said {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

/** A desktop with the app on it: windows are pages of Chromium; tray, notices and the rest are kept to be looked at. */
export class Desktop implements AppBehind {
  tray: ShownTray | null = null;
  theme = 'system';
  readonly notices: Said[] = [];
  readonly opened: string[] = [];
  readonly dragged: (readonly string[])[] = [];
  /** What pages and the app complained of. */
  readonly faults: string[] = [];
  readonly windows = new Map<number, ShownWindow>();
  readonly #options: DesktopOptions;
  readonly #browser: Browser;
  readonly #waiting = new Map<number, { keep(value: unknown): void; breaks(error: Error): void }>();
  #context: BrowserContext | null = null;
  #child: ChildProcess | null = null;
  #asks = 0;

  constructor(browser: Browser, options: DesktopOptions) {
    this.#browser = browser;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** Starts the app, or what becomes of a second start of it: then it resolves when that has ended. */
  async start(args: readonly string[] = []): Promise<void> {
    this.#context ??= await this.#browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
    const first = this.#child === null;
    const child = this.#spawn(args);
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    if (first) {
      this.#child = child;
      void ended.then(() => this.#ended());
    }
    child.on('message', (message: ToDesktop) => (first ? this.#hear(message) : this.#hearSecond(message)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.faults.push(`app: ${text}`));
    if (!first) await ended;
  }

  tell(message: ToApp): void {
    this.#child?.send(message, () => undefined);
  }

  ask<T>(question: (ask: number) => ToApp): Promise<T> {
    this.#asks += 1;
    const ask = this.#asks;
    return new Promise<T>((keep, breaks) => {
      this.#waiting.set(ask, { keep: (value) => keep(value as T), breaks });
      this.tell(question(ask));
    });
  }

  /** Resolves when the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.kill('SIGKILL');
    await this.#context?.close();
  }

  #spawn(args: readonly string[]): ChildProcess {
    const { home, tray, env, dark = false, onBattery = false, keyring = 'gnome_libsecret' } = this.#options;
    const facts: DesktopFacts = { userData: join(home, 'app'), dark, onBattery, keyring };
    const register = join(import.meta.dirname, '../main/register.ts');
    return spawn(NODE, ['--import', register, join(CHECKOUT, 'out/main/app.js'), ...args], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: {
        ...{ NODE_ENV: 'production', HOME: home, LANG: 'C.UTF-8' },
        // Who named a folder is asked nothing at the first start.
        DRIFTLESS_FOLDER: join(home, 'Driftless'),
        PATH: `${busThatKnows(home, tray)}:${process.env.PATH ?? ''}`,
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_STATE_HOME: join(home, 'state'),
        [FACTS_VARIABLE]: JSON.stringify(facts),
        ...env,
      },
    });
  }

  #ended(): void {
    this.#child = null;
    this.tray = null;
    for (const { breaks } of this.#waiting.values()) breaks(new Error('the app has ended'));
    this.#waiting.clear();
    for (const window of this.windows.values()) window.do('destroy');
    this.windows.clear();
  }

  #hearSecond(message: ToDesktop): void {
    if (message.type === 'second') this.tell({ type: 'second-instance', argv: message.argv });
  }

  #hear(message: ToDesktop): void {
    switch (message.type) {
      case 'window':
        if (this.#context === null) return;
        this.windows.set(message.made.id, new ShownWindow(message.made, this.#context, this, this.faults));
        return;
      case 'load':
        this.windows.get(message.id)?.load(message.url);
        return;
      case 'deed':
        this.windows.get(message.id)?.do(message.deed);
        if (message.deed === 'destroy') this.windows.delete(message.id);
        return;
      case 'send':
        this.windows.get(message.id)?.send(message.channel, message.args);
        return;
      case 'answer': {
        const waiting = this.#waiting.get(message.ask);
        this.#waiting.delete(message.ask);
        if (message.failed === undefined) waiting?.keep(message.value);
        else waiting?.breaks(new Error(message.failed));
        return;
      }
      case 'tray':
        this.tray = message.tray;
        return;
      case 'notification':
        this.notices.push(message);
        return;
      case 'opened':
        this.opened.push(message.what);
        return;
      case 'dragged':
        this.dragged.push(message.files);
        return;
      case 'theme':
        this.theme = message.source;
        return;
      case 'ready':
      case 'second':
        return;
    }
  }
}

/** The one question that the app asks the message bus, answered by a program in front of the real one. */
function busThatKnows(home: string, tray: boolean): string {
  const folder = join(home, 'bin');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'dbus-send');
  writeFileSync(program, `#!/bin/sh\necho "   boolean ${tray}"\n`);
  chmodSync(program, 0o755);
  return folder;
}
