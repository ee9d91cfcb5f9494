import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { NODE } from '../../tests/e2e/harness/program.ts';
import { readTree, sha256Of } from '../../tests/e2e/harness/tree.ts';
import { type Command, freePort, listening, start } from './commands.ts';
import type { Bench, Peer, Running } from './peer.ts';

const PACKAGES = ['@tus/server', '@tus/file-store', 'tus-js-client'] as const;
const Info = z.object({ metadata: z.object({ filename: z.string() }) });

/** Resumable uploads over plain HTTP: uploads only, what a Node server and client cost without sync. */
export const tus: Peer = {
  name: 'tus',
  version: tusVersion,
  watches: false,
  followsChanges: false,
  hasWire: true,
  start: startTus,
};

/** `BENCH_MODULES` names a folder whose node_modules holds the three packages. */
function tusVersion(): string | undefined {
  const modules = process.env.BENCH_MODULES;
  if (modules === undefined) return undefined;
  try {
    const require = createRequire(join(modules, 'bench.js'));
    const Manifest = z.object({ version: z.string() });
    for (const name of PACKAGES) require.resolve(name);
    return PACKAGES.map((name) => {
      const manifest = readFileSync(join(modules, 'node_modules', name, 'package.json'), 'utf8');
      return `${name} ${Manifest.parse(JSON.parse(manifest)).version}`;
    }).join(', ');
  } catch {
    return undefined;
  }
}

async function startTus({ source, target, state, meter }: Bench): Promise<Running> {
  const port = await freePort();
  const program = (name: string): string => join(import.meta.dirname, name);
  const server = start(meter, 'server', NODE, [program('tusServer.ts'), target, String(port)]);
  await listening(port);
  let client: Command | undefined;

  return {
    async sync() {
      const endpoint = `http://127.0.0.1:${port}/files/`;
      client = start(meter, 'client', NODE, [program('tusClient.ts'), source, endpoint, join(state, 'urls.json')]);
      const code = await client.ended;
      if (code !== 0) throw new Error(`the tus client ended with ${code ?? 'a signal'}`);
    },
    verify: async () => everyFileStored(source, target),
    killClient: async () => client?.kill(),
    stop: () => server.kill(),
  };
}

/** Uploads are stored under ids; a note beside each names the file it is. */
function everyFileStored(source: string, target: string): void {
  const stored = new Map<string, string[]>();
  for (const note of readdirSync(target).filter((name) => name.endsWith('.json'))) {
    const { filename } = Info.parse(JSON.parse(readFileSync(join(target, note), 'utf8'))).metadata;
    stored.set(filename, [...(stored.get(filename) ?? []), join(target, note.slice(0, -'.json'.length))]);
  }
  for (const [path, entry] of readTree(source)) {
    if (entry.kind === 'folder') continue;
    const found = (stored.get(path) ?? []).some((object) => sha256Of(object) === entry.sha256);
    if (!found) throw new Error(`${path} is not on the server`);
  }
}
