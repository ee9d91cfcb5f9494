import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { Device } from '../../tests/e2e/harness/device.ts';
import { DriftlessServer } from '../../tests/e2e/harness/server.ts';
import { sameTree } from '../sameTree.ts';
import type { Bench, Peer, Running } from './peer.ts';

const LONG_MS = 600_000;

/** Driftless as built in this checkout: a server and a device that watches, driven through the command lines. */
export const driftless: Peer = {
  name: 'driftless',
  version: () => packageJson.version,
  watches: true,
  followsChanges: true,
  hasWire: true,
  start: startDriftless,
};

async function startDriftless({ source, target, state, meter }: Bench): Promise<Running> {
  const server = new DriftlessServer(target);
  await server.start();
  meter.watch('server', server.program.pid);
  const { token } = await server.addUser('bench');
  const device = (name: string, folder: string): Device =>
    new Device({ folder, state: join(state, name), server: server.url, token });
  const first = device('first', source);
  const verifier = device('verifier', join(state, 'verified'));
  const second = device('second', join(state, 'followed'));
  let started = false;

  const startFirst = async (): Promise<void> => {
    await first.start();
    meter.watch('client', first.program.pid);
    started = true;
  };
  await startFirst();

  return {
    async sync() {
      if (!started) await startFirst();
      await first.inSync(LONG_MS);
    },
    async verify() {
      await verifier.mustSync('--allow-deletes');
      sameTree(source, verifier.folder);
    },
    async killClient() {
      meter.forget('client', first.program.pid);
      await first.kill();
      started = false;
    },
    async follower() {
      await second.start();
      await second.inSync(LONG_MS);
      return second.folder;
    },
    async stop() {
      await Promise.all([first.close(), second.close(), verifier.close()]);
      await server.close();
    },
  };
}
