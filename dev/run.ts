import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, prepareHome } from '../main/headless/home.ts';
import { serverCommands } from '../main/headless/localServer.ts';
import { placesFrom, shortPath } from '../main/headless/places.ts';
import { stopRequested } from '../main/headless/signals.ts';
import { servePage } from './page.ts';
import { watched } from './watched.ts';

/**
 * `npm run dev`: the window in a browser from its sources, with server and engine behind it, each of them anew when one
 * of its files has changed. Everything lies in a folder of its own, so that a person's own library is left alone.
 */
const { values: flags } = parseArgs({
  options: { home: { type: 'string', default: resolve(import.meta.dirname, '..', '.dev') } },
});
const home = resolve(flags.home);
const places = placesFrom({}, home);
const source = (path: string): string => resolve(import.meta.dirname, '..', path);
mkdirSync(places.folder, { recursive: true });

const serverFiles = { server: source('server/cli.ts'), guard: source('main/headless/guard.ts') };
const { port, token } = await prepareHome(places, serverCommands(serverFiles));
const server = watched('server', {
  script: serverFiles.server,
  args: ['--data', places.serverData, '--host', '127.0.0.1', '--port', `${port}`],
  env: {},
});
await server.prints(/listening on /);

const bridge = await freePort(3117);
const engine = watched('engine', {
  script: source('main/headless/driftless.ts'),
  args: [
    'start',
    '--browser',
    '--port',
    `${bridge}`,
    '--folder',
    places.folder,
    '--server',
    `http://127.0.0.1:${port}`,
  ],
  // Of this folder alone, wherever a person's own things lie; and no browser opens with every change.
  env: { HOME: home, DRIFTLESS_TOKEN: token, XDG_DATA_HOME: '', XDG_STATE_HOME: '', DISPLAY: '', WAYLAND_DISPLAY: '' },
});
const page = await servePage({ entrances: engine, bridge: `http://127.0.0.1:${bridge}` });
process.stdout.write(
  [
    'Driftless, from its sources',
    `  Window  ${page.address}`,
    `  Folder  ${shortPath(places.folder)}`,
    `  Data    ${shortPath(join(places.serverData, '..'))}`,
    '  Stop    Ctrl-C',
    '',
    '',
  ].join('\n'),
);
await stopRequested();
await page.close();
await Promise.all([engine.stop(), server.stop()]);
process.exit(0);
