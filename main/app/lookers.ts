import type { FromHost, ToHost } from '../../shared/desktop/lookers.ts';

/** A process of the app's kind, as Electron's `utilityProcess.fork` makes it. */
export interface AppProcess {
  readonly pid?: number | undefined;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'spawn' | 'exit', listener: () => void): unknown;
}

/** Starts the processes that this server asks for, and carries what they and it say to each other. They end with it. */
export function hostLookers(server: AppProcess, start: () => AppProcess): void {
  const lookers = new Map<number, AppProcess>();
  /** To be ended before they have started. */
  const unwanted = new Set<AppProcess>();
  const tell = (message: FromHost): void => server.postMessage(message);

  const begin = (id: number): void => {
    const looker = start();
    lookers.set(id, looker);
    looker.once('spawn', () => {
      if (unwanted.has(looker)) kill(looker);
      else if (looker.pid !== undefined) tell({ type: 'looker-started', id, pid: looker.pid });
    });
    looker.on('message', (message) => tell({ type: 'looker-said', id, message }));
    looker.once('exit', () => {
      unwanted.delete(looker);
      if (lookers.delete(id)) tell({ type: 'looker-ended', id });
    });
  };
  const end = (looker: AppProcess | undefined): void => {
    if (looker === undefined) return;
    unwanted.add(looker);
    kill(looker);
  };
  server.on('message', (data) => {
    const message = data as ToHost;
    switch (message.type) {
      case 'looker-start':
        return begin(message.id);
      case 'looker-tell':
        return lookers.get(message.id)?.postMessage(message.message);
      case 'looker-kill':
        return end(lookers.get(message.id));
    }
  });
  server.once('exit', () => {
    const left = [...lookers.values()];
    // Nobody is there any more who could be told of their ends.
    lookers.clear();
    for (const looker of left) end(looker);
  });
}

/** One that hangs does not listen to gentler words. */
function kill({ pid }: AppProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
