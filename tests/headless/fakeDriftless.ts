import { runProgram } from '../../main/headless/program.ts';
import { createEngineFrom } from './scriptedEngine.ts';

/** The real program around an engine double that follows the script in ENGINE_SCRIPT. */
const code = await runProgram(process.argv, async () => createEngineFrom(process.env.ENGINE_SCRIPT ?? '{}'));
process.stdout.write('', () => process.exit(code));
