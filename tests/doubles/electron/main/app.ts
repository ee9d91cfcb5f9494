import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow } from './browserWindow.ts';
import { facts, fromDesktop, Preventable, toDesktop } from './line.ts';
import { nativeImage } from './nativeImage.ts';

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #lost = false;

  constructor() {
    super();
    // Not before the whole program has run, as in Electron.
    setTimeout(() => {
      if (this.#lost) return;
      this.#isReady = true;
      toDesktop({ type: 'ready' });
      this.emit('ready');
      this.#ready.resolve();
    });
    fromDesktop.on('second-instance', ({ argv }) => this.emit('second-instance', {}, argv, process.cwd()));
    fromDesktop.on('open-url', ({ url }) => this.emit('open-url', new Preventable(), url));
  }

  whenReady = (): Promise<void> => this.#ready.promise;
  isReady = (): boolean => this.#isReady;
  enableSandbox = (): void => undefined;
  setAsDefaultProtocolClient = (): boolean => true;
  setLoginItemSettings = (): void => undefined;
  getPath = (name: string): string => join(facts.userData, name);
  getFileIcon = async (path: string) => nativeImage.createFromPath(path);

  requestSingleInstanceLock(): boolean {
    const lock = join(facts.userData, 'lock');
    mkdirSync(facts.userData, { recursive: true });
    if (isHeld(lock)) {
      this.#lost = true;
      toDesktop({ type: 'second', argv: process.argv });
      return false;
    }
    writeFileSync(lock, `${process.pid}`);
    process.on('exit', () => rmSync(lock, { force: true }));
    return true;
  }

  quit(): void {
    const event = new Preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length === 0) this.exit(0);
  }

  exit(code = 0): void {
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    // Messages on their way are sent before the process ends.
    setImmediate(() => process.exit(code));
  }
}

function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

export const app = new App();
BrowserWindow.onMade((contents) => app.emit('web-contents-created', {}, contents));
BrowserWindow.onAllClosed(() => app.emit('window-all-closed'));
