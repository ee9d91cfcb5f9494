/** What `import … from 'electron'` finds in a main process that runs in the double. */
export { app } from './app.ts';
export { BrowserWindow } from './browserWindow.ts';
export { ipcMain } from './ipcMain.ts';
export { nativeImage } from './nativeImage.ts';
export { Notification } from './notification.ts';
export { protocol } from './protocol.ts';
export { clipboard, dialog, nativeTheme, net, powerMonitor, safeStorage, screen, session, shell } from './system.ts';
export { Menu, Tray } from './tray.ts';
export { utilityProcess } from './utilityProcess.ts';
