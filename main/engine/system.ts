import { v7 as uuidv7 } from 'uuid';
import type { NodeId } from '../../shared/ids.ts';
import { nodeFilesystem } from './disk/nodeFilesystem.ts';
import { createHasher } from './hash/hasher.ts';
import type { Clock, EnginePorts, Random } from './ports.ts';
import { openState } from './store/database.ts';
import { goodSurroundings } from './surroundings.ts';
import { connectServer } from './transfer/server.ts';
import { watchFolder } from './watch/watcher.ts';

/** Timers take no longer waits than this, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon: (callback) => {
    setImmediate(callback);
  },
};

const systemRandom: Random = { nodeId: () => uuidv7() as NodeId, fraction: () => Math.random() };

/** The real world, but for surroundings: how to learn of them depends on what runs the engine. */
export const systemPorts: EnginePorts = {
  clock: systemClock,
  random: systemRandom,
  fs: nodeFilesystem,
  surroundings: goodSurroundings,
  createHasher: () => createHasher(),
  connectServer,
  watchFolder,
  openState,
};
