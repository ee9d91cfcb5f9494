import { EventEmitter } from 'node:events';
import { contentsOf } from './browserWindow.ts';
import { answer, fromDesktop } from './line.ts';

type Handler = (event: unknown, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`A second handler for ${channel}`);
    this.handlers.set(channel, handler);
  }
}

export const ipcMain = new IpcMain();

fromDesktop.on('ipc', ({ ask, id, frame, channel, args }) => {
  const sender = contentsOf(id);
  if (sender === undefined) return;
  if (frame.isMain) sender.mainFrame.url = frame.url;
  const event = { sender, senderFrame: frame.isMain ? sender.mainFrame : { url: frame.url } };
  if (ask === null) {
    ipcMain.emit(channel, event, ...args);
    return;
  }
  void answer(ask, () => {
    const handler = ipcMain.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...args);
  });
});
