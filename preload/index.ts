import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import { type AddedPath, CHANNELS } from '../shared/desktop/channels.ts';
import type { Outcome } from '../shared/desktop/commands.ts';
import type { DriftlessWindow } from '../shared/desktop/window.ts';

/** Calls back with what arrives on a channel, never with the event; returns how to stop. */
function hear<T>(channel: string, listener: (told: T) => void): () => void {
  const pass = (_event: IpcRendererEvent, told: T): void => listener(told);
  ipcRenderer.on(channel, pass);
  return () => ipcRenderer.off(channel, pass);
}

const resync = (): void => ipcRenderer.send(CHANNELS.resync);

/** The window's only door. Functions cross it, never ipcRenderer, an event, or a channel's name. */
const driftless: DriftlessWindow = {
  follow(listener) {
    const stop = hear(CHANNELS.told, listener);
    resync();
    return stop;
  },
  resync,
  ask: (command, input) => ipcRenderer.invoke(CHANNELS.ask, command, input),
  async addFiles(files, folder, done) {
    let added = 0;
    for (const { file, path } of files) {
      const wanted: AddedPath = { source: webUtils.getPathForFile(file), path, folder };
      const outcome: Outcome<null> = await ipcRenderer.invoke(CHANNELS.add, wanted);
      if (!outcome.ok) return outcome;
      done(++added);
    }
    return { ok: true, value: { added } };
  },
  dragOut: (ids) => ipcRenderer.send(CHANNELS.drag, ids),
  onShow(listener) {
    const stop = hear(CHANNELS.show, listener);
    ipcRenderer.send(CHANNELS.listens);
    return stop;
  },
};

contextBridge.exposeInMainWorld('driftless', driftless);
