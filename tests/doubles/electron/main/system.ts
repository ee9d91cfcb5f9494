import { EventEmitter } from 'node:events';
import { answer, facts, fromDesktop, toDesktop } from './line.ts';

class NativeTheme extends EventEmitter {
  #source = 'system';
  get themeSource(): string {
    return this.#source;
  }
  set themeSource(source: string) {
    this.#source = source;
    toDesktop({ type: 'theme', source });
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? facts.dark : this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();

class PowerMonitor extends EventEmitter {
  onBatteryPower = facts.onBattery;
  isOnBatteryPower = (): boolean => this.onBatteryPower;
}
export const powerMonitor = new PowerMonitor();
fromDesktop.on('power', ({ event, onBattery }) => {
  powerMonitor.onBatteryPower = onBattery;
  powerMonitor.emit(event);
});

let online = true;
fromDesktop.on('online', (message) => {
  online = message.online;
});
export const net = { isOnline: (): boolean => online };

/** Reversed is not encrypted, but no longer readable: what a test wants to know is that it came through here. */
const turned = (text: string): string => [...text].reverse().join('');
const SEAL = 'sealed by the double:';

export const safeStorage = {
  isAsyncEncryptionAvailable: async (): Promise<boolean> => facts.keyring !== 'none',
  getSelectedStorageBackend: (): string => (facts.keyring === 'none' ? 'unknown' : facts.keyring),
  encryptStringAsync: async (text: string): Promise<Buffer> => Buffer.from(SEAL + turned(text)),
  async decryptStringAsync(sealed: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    const text = sealed.toString();
    if (!text.startsWith(SEAL)) throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
    return { shouldReEncrypt: false, result: turned(text.slice(SEAL.length)) };
  },
};

export const shell = {
  async openPath(path: string): Promise<string> {
    toDesktop({ type: 'opened', how: 'path', what: path });
    return '';
  },
  showItemInFolder: (path: string): void => toDesktop({ type: 'opened', how: 'folder', what: path }),
  async openExternal(url: string): Promise<void> {
    toDesktop({ type: 'opened', how: 'address', what: url });
  },
};

type CheckHandler = (
  contents: unknown,
  permission: string,
  origin: string,
  details: { readonly isMainFrame: boolean },
) => boolean;

/** What the app says of permissions is asked when a page is made; Chromium then goes by it. */
class Session {
  #check: CheckHandler = () => true;
  setPermissionRequestHandler = (): void => undefined;
  setDevicePermissionHandler = (): void => undefined;

  constructor() {
    fromDesktop.on('permission', ({ ask, id, permission, url }) =>
      answer(ask, () => this.#check({ id }, permission, url, { isMainFrame: true })),
    );
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }
}
export const session = { defaultSession: new Session() };

/** The person closes whatever is asked. */
export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showMessageBox: async () => ({ response: 0, checkboxChecked: false }),
  showErrorBox: (): void => undefined,
};

export const clipboard = { writeText: (): void => undefined, readText: (): string => '' };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
