import { createRequire } from 'node:module';
import { join } from 'node:path';

/** `tusServer.ts DIRECTORY PORT`: serves tus uploads from a directory on loopback. */
interface Modules {
  readonly Server: new (options: {
    path: string;
    datastore: unknown;
  }) => { listen(at: { host: string; port: number }): void };
  readonly FileStore: new (options: { directory: string }) => unknown;
}

const [directory = '', port = ''] = process.argv.slice(2);
const require = createRequire(join(process.env.BENCH_MODULES ?? '', 'bench.js'));
const load = async <K extends keyof Modules>(name: string): Promise<Pick<Modules, K>> => import(require.resolve(name));
const { Server } = await load<'Server'>('@tus/server');
const { FileStore } = await load<'FileStore'>('@tus/file-store');
new Server({ path: '/files', datastore: new FileStore({ directory }) }).listen({
  host: '127.0.0.1',
  port: Number(port),
});
