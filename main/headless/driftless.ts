#!/usr/bin/env node
import './tuning.ts';
import { runProgram } from './program.ts';

// The engine and what it needs load only for the command that syncs: `--help` and `status` stay quick.
const loadEngine = async () => (await import('./engineHere.ts')).createEngineHere;

const code = await runProgram(process.argv, loadEngine, import.meta.dirname);
// Standard output may be a pipe that is still being written.
process.stdout.write('', () => process.exit(code));
