import { type Command, Option } from 'commander';
import { formatBytes, parseBytes } from '../../shared/bytes.ts';
import { listUsers, setQuota, userNamed } from '../auth/users.ts';
import { check } from '../check/check.ts';
import { reportLines } from '../check/finding.ts';
import { REPAIRABLE, repair } from '../check/repair.ts';
import { ConfigFault } from '../config.ts';
import { listPlans, setPlanQuota } from '../quota/plans.ts';
import { recalculate } from '../quota/recalculate.ts';
import type { Shell } from '../shell.ts';
import { usageReport } from './report.ts';
import { changeUser } from './users.ts';

const dryRunOption = (): Option => new Option('--dry-run', 'only say what would be done, as without --yes');
const yesOption = (): Option => new Option('--yes', 'do it; without it, only what would be done is said');

/** What an administrator asks of users, limits and plans, besides making users. Works beside a running server. */
export function adminCommands(program: Command, users: Command, shell: Shell): void {
  const change = async (name: string, to: Parameters<typeof changeUser>[2], said: string): Promise<void> => {
    const user = await shell.withExisting(async (db) =>
      changeUser(db.write, await userNamed(db.read, name), to, Date.now()),
    );
    shell.print(shell.json() ? JSON.stringify(user) : said);
  };
  users
    .command('plan <name> <plan>')
    .description('put a user on another plan; the limit follows, unless the user has one of their own')
    .action((name: string, plan: string) => change(name, { plan }, `${name} is on the plan ${plan}.`));
  users
    .command('role <name> <role>')
    .description('make a user an administrator (admin), or one no more (user)')
    .action((name: string, role: string) => {
      if (role !== 'admin' && role !== 'user') throw new ConfigFault(`"${role}" is not a role. Give admin or user.`);
      return change(name, { role }, `${name} is ${role === 'admin' ? 'an administrator' : 'a user'}.`);
    });
  users
    .command('disable <name>')
    .description('let a user in no more; what they have stored stays')
    .action((name: string) => change(name, { disabled: true }, `${name} is let in no more.`));
  users
    .command('enable <name>')
    .description('let a user in again')
    .action((name: string) => change(name, { disabled: false }, `${name} is let in again.`));

  const quota = program.command('quota').description('limits of users');
  quota
    .command('list', { isDefault: true })
    .description('what each user has stored, and may store')
    .action(async () => {
      const all = await shell.withExisting((db) => listUsers(db.read));
      if (shell.json()) return shell.print(JSON.stringify(all));
      for (const { name, usedBytes, quotaBytes } of all) {
        const share = quotaBytes ? ` (${Math.round((usedBytes / quotaBytes) * 100)} %)` : '';
        shell.print(`${name}\t${formatBytes(usedBytes)} of ${sizeOf(quotaBytes)}${share}`);
      }
    });
  quota
    .command('set <name> <size>')
    .description('give a user a limit of their own, like 20GB or unlimited')
    .action(async (name: string, size: string) => {
      const bytes = bytesIn(size);
      await shell.withExisting((db) => setQuota(db.write, name, bytes));
      if (shell.json()) return shell.print(JSON.stringify({ name, quotaBytes: bytes }));
      shell.print(`${name} may store ${bytes === null ? 'without limit' : formatBytes(bytes)}.`);
    });
  quota
    .command('reset <name>')
    .description("take a user's own limit back, so that the plan's counts again")
    .action((name: string) => change(name, { quota: { type: 'plan' } }, `${name} may store what the plan allows.`));

  const plans = program.command('plans').description('what each plan allows');
  plans
    .command('list', { isDefault: true })
    .description('list the plans')
    .action(async () => {
      const all = await shell.withExisting((db) => listPlans(db.read));
      if (shell.json()) return shell.print(JSON.stringify(all));
      for (const plan of all) shell.print(`${plan.name}\t${sizeOf(plan.quotaBytes)}\tusers: ${plan.users}`);
    });
  plans
    .command('set <plan> <size>')
    .description('change what a plan allows, for all its users without a limit of their own')
    .action(async (name: string, size: string) => {
      const bytes = bytesIn(size);
      await shell.withExisting((db) => setPlanQuota(db.write, name, bytes));
      if (shell.json()) return shell.print(JSON.stringify({ name, quotaBytes: bytes }));
      shell.print(`The plan ${name} allows ${bytes === null ? 'any amount' : formatBytes(bytes)}.`);
    });

  reportCommand(program, shell);
  refreshCommand(program, shell);
  checkCommand(program, shell);
}

function reportCommand(program: Command, shell: Shell): void {
  program
    .command('report')
    .description('what is stored, who is near the limit, and what came in lately')
    .action(async () => {
      const report = await shell.withExisting((db) => usageReport(db.read, Date.now()));
      if (shell.json()) return shell.print(JSON.stringify(report));
      const { users, disabled, fileCount, usedBytes, keptBytes, reservedBytes } = report;
      shell.print(`Users      ${users}${disabled > 0 ? `, ${disabled} of them disabled` : ''}`);
      shell.print(`Files      ${fileCount} (${formatBytes(usedBytes)})`);
      shell.print(`Kept       ${formatBytes(keptBytes)} in trash and earlier versions`);
      shell.print(`Arriving   ${formatBytes(reservedBytes)}`);
      for (const plan of report.plans) {
        shell.print(`Plan       ${plan.name}: users ${plan.users}, ${formatBytes(plan.usedBytes)}`);
      }
      for (const { name, usedBytes: used, limitBytes } of report.nearLimit) {
        shell.print(`Near limit ${name}: ${formatBytes(used)} of ${formatBytes(limitBytes)}`);
      }
      for (const { day, uploads, bytes } of report.days) {
        shell.print(`${day} uploads ${uploads}, ${formatBytes(bytes)}`);
      }
    });
}

function refreshCommand(program: Command, shell: Shell): void {
  program
    .command('refresh [name]')
    .description('count again what one user, or everybody, has stored')
    .addOption(yesOption())
    .addOption(dryRunOption())
    .action(async (name: string | undefined, given: { yes?: true; dryRun?: true }) => {
      const yes = wanted(given);
      const { corrected } = await shell.withExisting(async (db) =>
        recalculate(db.write, name === undefined ? undefined : await userNamed(db.read, name), !yes),
      );
      if (shell.json()) return shell.print(JSON.stringify({ done: yes, corrected }));
      for (const { userId, counter, was, is } of corrected) shell.print(`${userId}\t${counter}\t${was} -> ${is}`);
      if (corrected.length === 0) shell.print('Everything is counted right.');
      else shell.print(yes ? 'These were set right.' : 'These are wrong. Add --yes to set them right.');
    });
}

function checkCommand(program: Command, shell: Shell): void {
  program
    .command('check')
    .description('hold the database against itself and the stored files; exit code 2: something is wrong')
    .addOption(new Option('--deep', 'read every stored byte').env('DRIFTLESS_DEEP'))
    .option('--repair', 'set right what can be set right without a doubt')
    .addOption(yesOption())
    .addOption(dryRunOption())
    .action(async (given: { deep?: true; repair?: true; yes?: true; dryRun?: true }) => {
      const { deep, repair: asked } = given;
      const look = () => shell.withStores((db, stores) => check(db, stores, deep === true, Date.now()));
      const before = await look();
      const mendable = before.findings.filter(({ kind }) => REPAIRABLE.includes(kind)).length;
      const mend = asked === true && wanted(given) && mendable > 0;
      if (mend) await shell.withExisting((db) => repair(db.write));
      const report = mend ? await look() : before;
      if (shell.json()) shell.print(JSON.stringify({ ...report, repaired: mend ? mendable : 0 }));
      else {
        shell.print(reportLines(report).join('\n'));
        if (mend) shell.print(`Set right: ${mendable}.`);
        else if (asked === true && mendable > 0) shell.print(`Add --yes to set right: ${mendable}.`);
      }
      process.exitCode = report.findings.length > 0 ? 2 : 0;
    });
}

const wanted = ({ yes, dryRun }: { yes?: true; dryRun?: true }): boolean => yes === true && dryRun !== true;

const sizeOf = (bytes: number | null): string => (bytes === null ? 'unlimited' : formatBytes(bytes));

function bytesIn(size: string): number | null {
  const bytes = size === 'unlimited' ? null : parseBytes(size);
  if (bytes === undefined) throw new ConfigFault(`"${size}" is not a size. Give one like 20GB, or unlimited.`);
  return bytes;
}
