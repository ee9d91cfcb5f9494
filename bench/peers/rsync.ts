import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameTree } from '../sameTree.ts';
import { type Command, freePort, listening, start, versionOf } from './commands.ts';
import type { Bench, Peer, Running } from './peer.ts';

/** rsync to its own daemon on loopback: one-shot, keeps partial files, does not flush to disk. */
export const rsync: Peer = {
  name: 'rsync',
  version: () => versionOf('rsync', '--version'),
  watches: false,
  followsChanges: true,
  hasWire: true,
  start: startRsync,
};

async function startRsync({ source, target, state, meter }: Bench): Promise<Running> {
  const port = await freePort();
  const config = join(state, 'rsyncd.conf');
  const owner = process.getuid?.() === 0 ? 'uid = root\ngid = root\n' : '';
  writeFileSync(
    config,
    `${owner}use chroot = no\nport = ${port}\naddress = 127.0.0.1\nlog file = ${state}/rsyncd.log\n[bench]\npath = ${target}\nread only = no\n`,
  );
  const daemon = start(meter, 'server', 'rsync', ['--daemon', '--no-detach', '--config', config]);
  await listening(port);
  let client: Command | undefined;

  return {
    async sync() {
      client = start(meter, 'client', 'rsync', [
        ...['-a', '--delete', '--partial'],
        ...[`${source}/`, `rsync://127.0.0.1:${port}/bench/`],
      ]);
      const code = await client.ended;
      if (code !== 0) throw new Error(`rsync ended with ${code ?? 'a signal'}`);
    },
    verify: async () => sameTree(source, target),
    killClient: async () => client?.kill(),
    stop: () => daemon.kill(),
  };
}
