import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { Fault } from './fault.ts';
import { placesFrom } from './places.ts';
import type { CreateEngine } from './session.ts';
import type { StartFlags } from './starting.ts';
import type { SyncFlags } from './syncOptions.ts';

/**
 * Runs `driftless` with the arguments of a process. Answers with the exit code; whatever is wrong is one sentence on
 * standard error and code 1.
 */
export async function runProgram(
  argv: readonly string[],
  loadEngine: () => Promise<CreateEngine>,
  bundleDir: string = import.meta.dirname,
): Promise<number> {
  let code = 0;
  forgetFalse(SWITCHES);
  const program = describe({
    async sync(flags) {
      code = await runSync(flags, loadEngine);
    },
    async start(flags) {
      const { startHere } = await import('./starting.ts');
      code = await startHere(flags, placesFrom(), bundleDir);
    },
    async ask(name, flags) {
      const { commands } = await import('./commands.ts');
      await commands[name](flags, placesFrom());
    },
  });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Fault)) throw error;
    complain(error.message);
    return 1;
  }
}

/** Variables that stand for a flag without a value. */
const SWITCHES = [
  'DRIFTLESS_ONCE',
  'DRIFTLESS_JSON',
  'DRIFTLESS_ALLOW_DELETES',
  'DRIFTLESS_BROWSER',
  'DRIFTLESS_PAUSE_ON_BATTERY',
  'DRIFTLESS_PAUSE_ON_METERED',
];

export interface AskFlags {
  readonly state?: string;
  readonly json?: boolean;
  readonly for?: string;
  readonly until?: string;
  readonly off?: boolean;
  /** What the command is about: a path, a pattern. */
  readonly about?: string | undefined;
}

/** Commands that are answered by a running engine. */
export type Ask =
  | 'status'
  | 'sync-now'
  | 'pause'
  | 'resume'
  | 'problems'
  | 'approve'
  | 'deny'
  | 'window'
  | 'cloud-only'
  | 'ignore';

interface Actions {
  start(flags: StartFlags): Promise<void>;
  sync(flags: SyncFlags): Promise<void>;
  ask(name: Ask, flags: AskFlags): Promise<void>;
}

const ASKS: Record<Ask, string> = {
  status: 'how things stand',
  'sync-now': 'look at both sides now',
  pause: 'pause all transfers',
  resume: 'go on after a pause',
  problems: 'what is not in sync, and why',
  approve: 'say yes to the deletes that wait',
  deny: 'say no: what was to be deleted stays',
  window: 'print a new address of the window in the browser',
  'cloud-only': 'leave a folder to the server, to free the room it takes here; without a path, list those',
  ignore: 'do not sync what a pattern names, from now on',
};

function describe(actions: Actions): Command {
  const program = new Command('driftless')
    .description('Keeps a folder the same everywhere.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${sentence(text)}\n`) });

  const option = (flags: string, text: string, variable: string): Option => new Option(flags, text).env(variable);
  const state = (): Option => option('--state <dir>', 'where the engine keeps its state', 'DRIFTLESS_STATE');
  const json = (): Option => option('--json', 'print JSON, one object a line', 'DRIFTLESS_JSON');

  program
    .command('sync')
    .description('keep a folder in sync with a server, until stopped')
    .addOption(option('--folder <dir>', 'the folder to keep in sync', 'DRIFTLESS_FOLDER'))
    .addOption(option('--server <url>', 'address of the server', 'DRIFTLESS_SERVER'))
    .addOption(option('--token <token>', 'from “driftless-server users add”; needed once', 'DRIFTLESS_TOKEN'))
    .addOption(state())
    .addOption(option('--once', 'stop when both sides agree', 'DRIFTLESS_ONCE'))
    .addOption(json())
    .addOption(option('--allow-deletes', 'do not ask before many deletes', 'DRIFTLESS_ALLOW_DELETES'))
    .addOption(option('--limit-up <speed>', 'bytes a second to send, like 5M', 'DRIFTLESS_LIMIT_UP'))
    .addOption(option('--limit-down <speed>', 'bytes a second to receive', 'DRIFTLESS_LIMIT_DOWN'))
    .addOption(option('--pause-on-battery', 'wait while the computer is not plugged in', 'DRIFTLESS_PAUSE_ON_BATTERY'))
    .addOption(option('--pause-on-metered', 'wait while what passes costs money', 'DRIFTLESS_PAUSE_ON_METERED'))
    .addHelpText(
      'after',
      `\nExit codes with --once: 0 in sync, 2 in sync except for listed problems,\n3 deletes wait for a yes, 1 could not.`,
    )
    .action((flags: SyncFlags) => actions.sync(flags));

  program
    .command('start')
    .description('keep a folder in sync, with a window and, unless another is named, a server on this computer')
    .addOption(option('--folder <dir>', 'the folder to keep in sync (~/Driftless)', 'DRIFTLESS_FOLDER'))
    .addOption(option('--server <url>', 'a server elsewhere, instead of one on this computer', 'DRIFTLESS_SERVER'))
    .addOption(option('--token <token>', 'for a server elsewhere; needed once', 'DRIFTLESS_TOKEN'))
    .addOption(option('--browser', 'the window in the browser, also where the app could run', 'DRIFTLESS_BROWSER'))
    .addOption(option('--port <port>', 'where the window in the browser is served', 'DRIFTLESS_PORT'))
    .action((flags: StartFlags) => actions.start(flags));

  for (const [name, text] of Object.entries(ASKS) as [Ask, string][]) {
    const command = program.command(name).description(text).addOption(state()).addOption(json());
    if (name === 'pause') {
      command
        .option('--for <time>', 'such as 30m or 1h; without it, until “resume”')
        .option('--until <moment>', '“tomorrow”, or a time of day such as 18:30');
    }
    if (name === 'cloud-only') command.argument('[path]').option('--off', 'bring it back to this computer');
    if (name === 'ignore') command.argument('<pattern>', 'as in .gitignore');
    // Without an argument of its own a command's first one is its flags.
    command.action((first: string | undefined | AskFlags, flags: AskFlags) =>
      typeof first === 'object' ? actions.ask(name, first) : actions.ask(name, { ...flags, about: first }),
    );
  }
  return program;
}

async function runSync(flags: SyncFlags, loadEngine: () => Promise<CreateEngine>): Promise<number> {
  const { engineOptions, pauseChoices } = await import('./syncOptions.ts');
  const options = engineOptions(flags, placesFrom());
  const [{ sync }, { stopRequested }, { reportFor }, createEngine] = await Promise.all([
    import('./sync.ts'),
    import('./signals.ts'),
    import('./reportFor.ts'),
    loadEngine(),
  ]);
  const report = await reportFor(process.stdout, flags.json ?? false);
  const pauseOn = pauseChoices(flags);
  return sync({ options, createEngine, pauseOn, report, stop: stopRequested(), complain });
}

/** A switch that is set to nothing, `0` or `false` in the environment is off. */
function forgetFalse(names: readonly string[]): void {
  for (const name of names) if (/^(|0|false|no|off)$/i.test(process.env[name] ?? '0')) delete process.env[name];
}

/** Commander's `error: unknown option '--fold'` and its hint, as one sentence with a next step. */
export function sentence(text: string): string {
  const [first = '', hint] = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/'([^'\n]*)'/g, '“$1”')
    .split('\n');
  const next =
    hint === undefined
      ? 'see “driftless --help”'
      : hint.replace(/^\(|\?\)$|\)$/g, '').replace('Did you mean', 'did you mean');
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}: ${next}${hint?.includes('?') ? '?' : '.'}`;
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`);
