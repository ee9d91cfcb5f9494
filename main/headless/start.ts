import './tuning.ts';
import { Command, CommanderError } from 'commander';
import { Fault } from './fault.ts';
import { placesFrom } from './places.ts';
import { sentence } from './program.ts';
import { type StartFlags, startHere } from './starting.ts';

const complain = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const program = new Command('npm start --')
    .description('Keeps ~/Driftless, or another folder, in sync with a server on this computer, or another one.')
    .option('--folder <dir>', 'the folder to keep in sync (made if it is ~/Driftless)')
    .option('--server <url>', 'a server elsewhere, instead of one on this computer')
    .option('--token <token>', 'for a server elsewhere; needed once')
    .option('--browser', 'the window in the browser, also where the app could run')
    .option('--port <port>', 'where the window in the browser is served')
    .exitOverride()
    .configureOutput({ outputError: (text) => complain(sentence(text)) });
  try {
    return await startHere(program.parse().opts<StartFlags>(), placesFrom(), import.meta.dirname);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Fault)) throw error;
    complain(error.message);
    return 1;
  }
}

const code = await main();
process.stdout.write('', () => process.exit(code));
