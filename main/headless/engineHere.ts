import { createEngine } from '../engine/engine.ts';
import { goodSurroundings } from '../engine/surroundings.ts';
import { systemPorts } from '../engine/system.ts';
import type { CreateEngine } from './session.ts';
import { linuxConditions } from './surroundings/linux.ts';
import { PolledSurroundings } from './surroundings/polled.ts';

/** An engine in this process, without the app: it learns of its surroundings only what the system tells everybody. */
export const createEngineHere: CreateEngine = (options) =>
  createEngine(options, {
    ...systemPorts,
    surroundings:
      process.platform === 'linux' ? new PolledSurroundings(linuxConditions, systemPorts.clock) : goodSurroundings,
  });
