import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { EngineError } from '../api.ts';

/** Makes the folder of an engine's state, the owner's alone. Throws EngineError when it cannot be there or be written. */
export function makeStateFolder(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    chmodSync(stateDir, 0o700);
    accessSync(stateDir, constants.W_OK);
  } catch {
    throw new EngineError(
      'state-not-writable',
      `The state folder ${stateDir} cannot be made or written: choose another with --state.`,
    );
  }
}
