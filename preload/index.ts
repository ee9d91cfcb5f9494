import { contextBridge, ipcRenderer } from 'electron';
import { ASK_CHANNEL, type DriftlessWindow, SNAPSHOT_CHANNEL, type Snapshot } from '../shared/desktop/contract.ts';

/** The window's only door. Functions cross it, never ipcRenderer, an event, or a channel's name. */
const driftless: DriftlessWindow = {
  onStatus(listener) {
    let newest = false;
    const hear = (_event: unknown, snapshot: Snapshot): void => {
      newest = true;
      listener(snapshot);
    };
    ipcRenderer.on(SNAPSHOT_CHANNEL, hear);
    // What was pushed since is newer than what was asked for.
    void ipcRenderer.invoke(ASK_CHANNEL, 'snapshot').then((snapshot: Snapshot) => {
      if (!newest) listener(snapshot);
    });
    return () => {
      newest = true;
      ipcRenderer.off(SNAPSHOT_CHANNEL, hear);
    };
  },
  syncNow: () => ipcRenderer.invoke(ASK_CHANNEL, 'syncNow'),
  pause: () => ipcRenderer.invoke(ASK_CHANNEL, 'pause'),
  resume: () => ipcRenderer.invoke(ASK_CHANNEL, 'resume'),
};

contextBridge.exposeInMainWorld('driftless', driftless);
