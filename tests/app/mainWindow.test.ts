import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { expect, test } from 'vitest';
import type { OnClose } from '../../main/app/desktop/closing.ts';
import { MainWindow } from '../../main/app/mainWindow.ts';

/** A window as Electron makes one, as far as the app uses it; it notes what is done to it. */
class FakeWindow extends EventEmitter {
  readonly done: string[] = [];
  readonly webContents = { isLoading: () => this.loading };
  loading = false;
  minimised = false;

  show = () => this.done.push('show');
  hide = () => this.done.push('hide');
  focus = () => this.done.push('focus');
  restore = () => this.done.push('restore');
  minimize = () => this.done.push('minimise');
  isMinimized = () => this.minimised;
  isFocused = () => false;
  destroy = () => this.emit('closed');

  /** The person closes it; answers whether it went. */
  close(): boolean {
    let prevented = false;
    this.emit('close', { preventDefault: () => (prevented = true) });
    if (!prevented) this.emit('closed');
    return !prevented;
  }
}

function scene(onClose: OnClose = 'hide') {
  const made: FakeWindow[] = [];
  const told: unknown[] = [];
  let due: (() => void) | null = null;
  let closes = 0;
  const window = new MainWindow({
    make: () => {
      const fake = new FakeWindow();
      made.push(fake);
      return fake as unknown as BrowserWindow;
    },
    onClose: () => onClose,
    closed: () => closes++,
    tell: (_window, what) => told.push(what),
    after: (_ms, run) => {
      due = run;
      return () => {
        due = null;
      };
    },
  });
  return { window, made, told, closes: () => closes, pass: () => due?.(), waits: () => due !== null };
}

test('a window is shown once it is painted', () => {
  const { window, made } = scene();
  window.show();
  expect(made[0]?.done).toEqual([]);
  made[0]?.emit('ready-to-show');
  expect(made[0]?.done).toEqual(['show']);
});

test('closing hides it, and it comes back at once', () => {
  const { window, made, closes } = scene();
  window.show();
  expect(made[0]?.close()).toBe(false);
  expect([made[0]?.done, closes()]).toEqual([['hide'], 1]);
  window.show();
  expect([made.length, made[0]?.done.slice(1)]).toEqual([1, ['show', 'focus']]);
});

test('one that stays closed goes, and the next is made anew', () => {
  const { window, made, pass, waits } = scene();
  window.show();
  made[0]?.close();
  pass();
  expect(window.now).toBeNull();
  window.show();
  expect([made.length, waits()]).toEqual([2, false]);
});

test('without a tray closing minimises, and nothing takes the window away later', () => {
  const { window, made, waits } = scene('minimise');
  window.show();
  made[0]?.close();
  expect([made[0]?.done, waits()]).toEqual([['minimise'], false]);
});

test('when the app ends, closing is closing', () => {
  const { window, made } = scene();
  window.show();
  window.leave();
  expect(made[0]?.close()).toBe(true);
});

test('what is to be shown waits until the page listens, and is told once', () => {
  const { window, made, told } = scene();
  window.show({ show: 'problems' });
  const [fake] = made;
  if (fake) fake.loading = true;
  window.tellWanted();
  expect(told).toEqual([]);
  if (fake) fake.loading = false;
  window.tellWanted();
  window.tellWanted();
  expect(told).toEqual([{ show: 'problems' }]);
});
