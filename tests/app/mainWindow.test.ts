import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { expect, test } from 'vitest';
import type { OnClose } from '../../main/app/desktop/closing.ts';
import { MainWindow } from '../../main/app/mainWindow.ts';

/** A window as Electron makes one, as far as the app uses it; it notes what is done to it. */
class FakeWindow extends EventEmitter {
  readonly done: string[] = [];
  readonly webContents = Object.assign(new EventEmitter(), { reload: () => this.done.push('reload') });
  minimised = false;
  visible = true;

  show = () => this.done.push('show');
  hide = () => this.done.push('hide');
  focus = () => this.done.push('focus');
  restore = () => this.done.push('restore');
  minimize = () => this.done.push('minimise');
  isMinimized = () => this.minimised;
  isVisible = () => this.visible;
  isFocused = () => false;
  destroy = () => this.emit('closed');
  crash = (reason = 'crashed') => this.webContents.emit('render-process-gone', {}, { reason });

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
    giveUp: () => made.at(-1)?.done.push('give up'),
    now: () => 0,
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
  const { window, told } = scene();
  window.show({ show: 'problems' });
  expect(told).toEqual([]);
  window.listens();
  window.listens();
  expect(told).toEqual([{ show: 'problems' }]);
});

test('a page that was left for another one, or crashed, does not listen any more', () => {
  const { window, made, told } = scene();
  window.show();
  for (const end of ['did-navigate', 'render-process-gone']) {
    window.listens();
    made[0]?.webContents.emit(end, {}, { reason: 'crashed' });
    window.show({ show: 'problems' });
    expect(told.splice(0)).toEqual([]);
    window.listens();
    expect(told.splice(0)).toEqual([{ show: 'problems' }]);
  }
});

test('a crashed page is loaded again, and after three crashes something else in its place', () => {
  const { window, made, pass } = scene();
  window.show();
  for (let crash = 1; crash <= 4; crash++) {
    made[0]?.crash();
    pass();
  }
  expect(made[0]?.done).toEqual(['reload', 'reload', 'give up', 'give up']);
});

test('one that crashes while nobody looks goes, and comes back when it is asked for', () => {
  const { window, made, waits } = scene();
  window.show();
  made[0]?.close();
  if (made[0]) made[0].visible = false;
  made[0]?.crash();
  expect([window.now, waits()]).toEqual([null, false]);
});
