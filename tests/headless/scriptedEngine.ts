import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateEngine } from '../../main/headless/session.ts';
import { type EngineScript, engineDouble } from './engineDouble.ts';

/** An engine double that keeps its process alive as a real one does, and leaves its options behind for the test. */
export function createEngineFrom(script: string): CreateEngine {
  return (options) => {
    const engine = engineDouble(JSON.parse(script) as EngineScript);
    const alive = setInterval(() => {}, 1_000_000);
    if (process.env.OPTIONS_TO) writeFileSync(join(process.env.OPTIONS_TO), JSON.stringify(options));
    return {
      ...engine,
      pauseOn(choices) {
        if (process.env.PAUSE_TO) writeFileSync(process.env.PAUSE_TO, JSON.stringify(choices));
      },
      async stop() {
        if (process.env.NEVER_STOPS) await new Promise(() => {});
        clearInterval(alive);
        await engine.stop();
      },
    };
  };
}
