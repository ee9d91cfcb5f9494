import { Fault } from '../fault.ts';
import { prepareHome } from '../home.ts';
import { keepRunning } from '../keepRunning.ts';
import { launchServer, serverCommands, serverFilesIn } from '../localServer.ts';
import type { Places } from '../places.ts';
import type { OwnServer } from './station.ts';

type Started = Awaited<ReturnType<OwnServer['start']>>;

/** The server that comes with this program, as a process of its own; started anew when it ends. `note`: for the terminal. */
export function bundledServer(places: Places, bundleDir: string, note: (sentence: string) => void): OwnServer {
  let running: { readonly started: Promise<Started>; stop: () => Promise<void> } | null = null;

  return {
    start() {
      running ??= begin();
      const { started } = running;
      started.catch(() => {
        running = null;
      });
      return started;
    },
    async stop() {
      const ending = running;
      running = null;
      await ending?.stop();
    },
  };

  function begin(): { started: Promise<Started>; stop: () => Promise<void> } {
    const begun = { started: launch(), stop: async () => {} };
    return begun;

    async function launch(): Promise<Started> {
      const files = serverFilesIn(bundleDir);
      const { port, token } = await prepareHome(places, serverCommands(files));
      const first = Promise.withResolvers<string | null>();
      begun.stop = keepRunning({
        name: 'The server',
        launch: () => {
          const onListening = (): void => first.resolve(null);
          const launched = launchServer({ files, dataDir: places.serverData, port, onListening });
          void launched.ended.then(first.resolve);
          return launched;
        },
        note,
      });
      const why = await first.promise;
      if (why !== null) {
        await begun.stop();
        throw new Fault(`The server could not start: ${why}.`);
      }
      return { url: `http://127.0.0.1:${port}`, token };
    }
  }
}
