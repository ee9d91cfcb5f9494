import type { Command, Option } from 'commander';
import type { Shell } from '../shell.ts';
import { examineServer } from './examine.ts';

const MARKS = { good: '✓', weak: '!', bad: '✗' } as const;

/** `doctor` and `config`: is this server well, and what was it told. */
export function doctorCommands(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('look at all that a server needs; exit code 2: something is wrong')
    .action(async () => {
      const { data, database, backups, s3 } = shell.config();
      const found = await examineServer({ data, database, backups, s3, now: Date.now() });
      if (shell.json()) shell.print(JSON.stringify(found));
      else
        for (const { state, subject, detail } of found) shell.print(`${MARKS[state]} ${subject.padEnd(12)} ${detail}`);
      process.exitCode = found.some(({ state }) => state === 'bad') ? 2 : 0;
    });
  program
    .command('config')
    .description('show every setting, its value and where it comes from')
    .action(() => {
      const settings = [
        ...program.options.filter((option) => option.envVar).map((option) => settingOf(program, option)),
        databaseSetting(),
      ];
      if (shell.json()) return shell.print(JSON.stringify(settings));
      for (const { flag, variable, value, source } of settings) {
        shell.print(`${flag.padEnd(20)} ${variable.padEnd(26)} ${(value ?? '-').padEnd(24)} ${source}`);
      }
    });
}

const SECRET = /secret|token|password|key|database_url/i;

function settingOf(program: Command, option: Option) {
  const name = option.attributeName();
  const value: unknown = program.getOptionValue(name);
  const text = value === undefined ? null : String(value);
  return {
    flag: option.long ?? option.flags,
    variable: option.envVar ?? '',
    value: text !== null && SECRET.test(option.envVar ?? name) ? '(set)' : text,
    source: SOURCES[program.getOptionValueSource(name) ?? ''] ?? 'default',
  };
}

/** Only the environment has it, because whoever lists processes sees what is on a command line. */
function databaseSetting() {
  const url = process.env.DATABASE_URL?.trim();
  return {
    flag: '-',
    variable: 'DATABASE_URL',
    value: url ? '(set)' : null,
    source: url ? 'environment' : 'default',
  };
}

const SOURCES: Record<string, string> = { cli: 'command line', env: 'environment', default: 'default' };
