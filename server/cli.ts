import './threads.ts';
import { Command, CommanderError, Option } from 'commander';
import { destination, pino } from 'pino';
import { formatBytes } from '../shared/bytes.ts';
import { adminCommands } from './admin/commands.ts';
import { actingAs } from './audit/actor.ts';
import { newPairing } from './auth/pairing.ts';
import { addUser, listUsers, newEnrolmentToken, UserFault, userNamed } from './auth/users.ts';
import { backupCommands } from './backup/commands.ts';
import { systemClock } from './clock.ts';
import { type Config, ConfigFault, LOG_LEVELS, readConfig, type Settings, shownDefaultData } from './config.ts';
import { openReaders } from './content/readers.ts';
import { prepareDataFolder } from './dataFolder.ts';
import type { Databases } from './db/connect.ts';
import { isDatabaseThere, openDatabases } from './db/open.ts';
import { doctorCommands } from './doctor/commands.ts';
import { beginDuties } from './duties.ts';
import { estimateCommand } from './estimate/commands.ts';
import { type RunningServer, start } from './index.ts';
import { hostPort } from './media/hosted.ts';
import { quarantineCommands } from './quarantine/commands.ts';
import { Refusal } from './refusal.ts';
import { screeningCommands } from './screening/commands.ts';
import type { Shell } from './shell.ts';
import { storageCommands } from './storage/commands.ts';
import { VERSION } from './version.ts';

/** What a command says while it waits for a database; a connection that was lost, its next question tells. */
const TOLD = {
  waiting: (sentence: string): void => void process.stderr.write(`${sentence}\n`),
  lost: (): void => undefined,
};

/** Files that SQLite makes are for the owner only, like everything else in the data folder. */
process.umask(0o077);

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const program = new Command('driftless-server')
  .description('Keeps the files of its users, and tells their devices what changed.')
  .version(VERSION)
  .addOption(
    new Option('--data <dir>', `the data folder (default: ${shownDefaultData(process.env)})`).env('DRIFTLESS_DATA'),
  )
  .addOption(new Option('--port <number>', 'port to listen on, 0 for any free one').env('PORT').default('3007'))
  .addOption(new Option('--host <address>', 'address to listen on').env('DRIFTLESS_HOST').default('127.0.0.1'))
  .addOption(new Option('--max-file-size <size>', 'largest file, like 2GB').env('MAX_FILE_SIZE').default('2GB'))
  .addOption(
    new Option('--keep <days>', 'how long deleted files and earlier versions are kept, or forever')
      .env('DRIFTLESS_KEEP')
      .default('30'),
  )
  .addOption(new Option('--log-level <level>', LOG_LEVELS.join(', ')).env('LOG_LEVEL').default('warn'))
  .addOption(new Option('--allowed-origins <list>', 'browser origins that may ask').env('ALLOWED_ORIGINS'))
  .addOption(new Option('--allowed-hosts <list>', 'further names in the Host header').env('ALLOWED_HOSTS'))
  .addOption(new Option('--backups <dir>', 'where daily backups go; none are made without').env('DRIFTLESS_BACKUPS'))
  .addOption(
    new Option('--keep-backups <number>', 'how many whole backups stay').env('DRIFTLESS_KEEP_BACKUPS').default('7'),
  )
  .addOption(new Option('--metrics-token <token>', 'bearer token that opens /metrics').env('METRICS_TOKEN'))
  .addOption(new Option('--json', 'answers for machines').env('DRIFTLESS_JSON'))
  .allowExcessArguments(false)
  .action(serve);

const users = program.command('users').description('list the users').action(list);
users
  .command('add <name>')
  .description('make a user; prints the enrolment token once')
  .addOption(new Option('--role <role>').choices(['user', 'admin']).env('DRIFTLESS_ROLE').default('user'))
  .addOption(new Option('--plan <plan>', 'what the user may store').env('DRIFTLESS_PLAN').default('free'))
  .action(add);
users
  .command('token <name>')
  .description('make another enrolment token of a user; prints it once, and those made before stay good')
  .action(token);
users
  .command('pair <name>')
  .description('make a code that lets one more device of a user in, once and within ten minutes')
  .action(pair);
const shell: Shell = {
  config: () => readConfig(settings()),
  json,
  print,
  withDatabase,
  withExisting: async (work) => {
    const { data, database } = readConfig(settings());
    if (await isDatabaseThere({ data, database }, TOLD)) return withDatabase(work);
    throw new ConfigFault(`There is no server's data in ${data}. Name its folder with --data (or DRIFTLESS_DATA).`);
  },
  withStores: (work) =>
    shell.withExisting(async (db) => {
      const { data, s3 } = shell.config();
      const stores = await openReaders(data, s3, (error) => process.stderr.write(`${String(error)}\n`));
      try {
        return await work(db, stores);
      } finally {
        stores.close();
      }
    }),
};
adminCommands(program, users, shell);
backupCommands(program, shell);
quarantineCommands(program, shell);
screeningCommands(program, shell);
doctorCommands(program, shell);
storageCommands(program, shell);
estimateCommand(program, shell);

let serves = false;

async function serve(): Promise<void> {
  serves = true;
  const config = readConfig(settings());
  const server = await start(config);
  print(`listening on ${server.url}`);
  // Inside the app there is no program that could run a command beside it; the app looks after itself.
  const alone = process.versions.electron === undefined;
  const endDuties = alone ? dutiesOf(config, server) : async () => undefined;
  const stop = (): void => {
    Promise.all([endDuties(), server.close()]).then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

const dutiesOf = (config: Config, server: RunningServer): (() => Promise<void>) =>
  beginDuties(
    {
      program: process.argv[1] ?? '',
      data: config.data,
      backups: config.backups,
      keepBackups: config.keepBackups,
      log: pino({ level: config.logLevel }, destination({ fd: 2, sync: true })),
      alone: server.alone,
    },
    systemClock,
  );

async function list(): Promise<void> {
  const all = await withDatabase((db) => listUsers(db.read));
  if (json()) return print(JSON.stringify(all));
  for (const user of all) {
    const of = user.quotaBytes === null ? 'unlimited' : formatBytes(user.quotaBytes);
    print(`${user.name}\t${user.role}\t${user.plan}\t${formatBytes(user.usedBytes)} of ${of}\t${user.fileCount} files`);
  }
}

async function add(name: string, { role, plan }: { role: 'user' | 'admin'; plan: string }): Promise<void> {
  const user = await withDatabase((db) => addUser(db.write, name, plan, role));
  if (json()) return print(JSON.stringify(user));
  print(`${user.name} is added. The enrolment token, shown only now:\n${user.token}`);
}

async function token(name: string): Promise<void> {
  const user = await withDatabase((db) => newEnrolmentToken(db.write, name));
  if (json()) return print(JSON.stringify(user));
  print(`A new enrolment token of ${user.name}, shown only now:\n${user.token}`);
}

async function pair(name: string): Promise<void> {
  const pairing = await withDatabase(async (db) => newPairing(db.write, await userNamed(db.read, name), Date.now()));
  if (json()) return print(JSON.stringify(pairing));
  print(`Type this on the new device of ${name} within ten minutes:\n${pairing.code}`);
}

/** Works beside a running server: SQLite makes the two wait for each other. */
async function withDatabase<T>(work: (db: Databases) => Promise<T>): Promise<T> {
  const { data, database } = readConfig(settings());
  await prepareDataFolder(data);
  const db = await openDatabases({ data, database }, TOLD);
  try {
    return await actingAs('command line', () => work(db));
  } finally {
    await db.close();
  }
}

function settings(): Settings {
  const { maxFileSize, keep, ...rest } = program.opts<Settings & { maxFileSize: string; keep: string }>();
  // A folder that is named on the command line is meant, whatever the environment says.
  const data = program.getOptionValueSource('data') === 'cli' ? rest.data : undefined;
  return { ...rest, data, maxFileBytes: maxFileSize, keepDays: keep };
}

function json(): boolean {
  return program.opts<{ json?: boolean }>().json === true;
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof ConfigFault || error instanceof UserFault || error instanceof Refusal;
  process.stderr.write(
    known ? `${message}\n` : `${message}: look at the data folder and its disk, then start again.\n`,
  );
  process.exit(1);
}

/** Commander's own messages begin with `error:` and may come with a suggestion; people get one sentence. */
for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
  command.exitOverride().configureOutput({ outputError: () => undefined, writeErr: () => undefined });
}
try {
  // Inside the desktop app commander would take this program's own path for an argument: it knows Electron's main process only.
  await program.parseAsync(process.argv.slice(2), { from: 'user' });
  // A process of the desktop app's kind never ends by itself: https://github.com/electron/electron/issues/47228
  if (!serves && hostPort() !== undefined) process.stdout.write('', () => process.exit());
} catch (error) {
  if (!(error instanceof CommanderError)) fail(error);
  if (error.exitCode === 0) process.exit(0);
  process.stderr.write(`${sentenceOf(error)} See driftless-server --help.\n`);
  process.exit(1);
}

function sentenceOf(error: CommanderError): string {
  if (error.code === 'commander.excessArguments') return `There is no command "${program.args.at(-1)}".`;
  if (error.code === 'commander.help') return 'A command is missing.';
  const [message = ''] = error.message.replace(/^error: /, '').split('\n');
  return `${message[0]?.toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
}
