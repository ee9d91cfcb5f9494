import { EventEmitter } from 'node:events';

/** Gives a process that the double has forked what Electron gives one: `process.parentPort`. */
const port = Object.assign(new EventEmitter(), {
  postMessage(message: unknown): void {
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  },
});
process.on('message', (data) => port.emit('message', { data, ports: [] }));
// As in Electron, none of them outlives the app.
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', { value: port });
// Programs ask by this whether they run inside the app.
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.3.4' } });
