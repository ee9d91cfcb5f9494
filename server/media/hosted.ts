import type { FromHost, ToHost } from '../../shared/desktop/lookers.ts';
import type { FromWorker } from './found.ts';
import type { Launch } from './looker.ts';

/** What a process of the desktop app's kind speaks with the app through. */
export interface HostPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: ToHost): void;
}

/** This process's own; undefined outside the desktop app. */
export const hostPort = (): HostPort | undefined => (process as { parentPort?: HostPort }).parentPort;

/** Has the desktop app start the processes that look into media: inside it, a server can start none. */
export function hostedLookers(port: HostPort): Launch {
  let last = 0;
  const listeners = new Map<number, (message: FromHost) => void>();
  port.on('message', ({ data }) => {
    const message = data as FromHost;
    listeners.get(message.id)?.(message);
  });
  return ({ said, ended }) => {
    last += 1;
    const id = last;
    let pid: number | undefined;
    listeners.set(id, (message) => {
      if (message.type === 'looker-started') pid = message.pid;
      if (message.type === 'looker-said') said(message.message as FromWorker);
      if (message.type === 'looker-ended') {
        listeners.delete(id);
        ended();
      }
    });
    port.postMessage({ type: 'looker-start', id });
    return {
      get pid() {
        return pid;
      },
      tell: (message) => port.postMessage({ type: 'looker-tell', id, message }),
      kill: () => port.postMessage({ type: 'looker-kill', id }),
    };
  };
}
