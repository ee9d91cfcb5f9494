import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { formatBytes } from '../../shared/bytes.ts';
import { type Finding, findingLine } from '../check/finding.ts';
import { ConfigFault } from '../config.ts';
import type { Databases } from '../db/connect.ts';
import type { Shell } from '../shell.ts';
import { createBackup } from './create.ts';
import { type Backup, type BackupManifest, listBackups } from './layout.ts';
import { prunable, prune } from './prune.ts';
import { planRestore, restoreBackup } from './restore.ts';
import { verifyBackup } from './verify.ts';

/** `backup`, `backup create | verify | restore | prune`. What removes or replaces something is a trial without --yes. */
export function backupCommands(program: Command, shell: Shell): void {
  const yes = new Option('--yes', 'do it; without it, only what would be done is said');

  const backup = program.command('backup').description('backups of everything that a server keeps');
  backup
    .command('list', { isDefault: true })
    .description('list them')
    .action(async () => list(shell, await listBackups(folderOf(shell))));
  backup
    .command('create')
    .description('make a backup, beside a running server if there is one; the oldest beyond --keep-backups go')
    .option('--with-bucket', 'copy what lies in the bucket as well, which is only named otherwise')
    .action(async ({ withBucket }: { withBucket?: true }) => {
      const into = folderOf(shell);
      const { data, keepBackups } = shell.config();
      const made = await shell.withStores((db, stores) =>
        createBackup(db, data, into, Date.now(), withBucket ? stores.of('s3') : null),
      );
      await prune(await prunable(into, keepBackups, Date.now()));
      list(shell, [made]);
    });
  backup
    .command('verify <backup>')
    .description('read a whole backup and compare it with what was recorded; exit code 2: something is wrong')
    .option('--shallow', 'look at the sizes of stored files only')
    .action(async (path: string, { shallow }: { shallow?: true }) => {
      const findings = await verifyBackup(resolve(path), shallow !== true);
      if (shell.json()) shell.print(JSON.stringify({ findings }));
      else tell(shell, findings, 'The backup is whole.');
      process.exitCode = findings.length > 0 ? 2 : 0;
    });
  backup
    .command('restore <backup>')
    .description('put a backup into an empty data folder')
    .addOption(yes)
    .option('--even-damaged', 'restore what can be restored')
    .action(async (path: string, { yes, evenDamaged }: { yes?: true; evenDamaged?: true }) => {
      const { data, database } = shell.config();
      const into = <T>(work: (postgres: Databases | null) => Promise<T>): Promise<T> =>
        database === null ? work(null) : shell.withDatabase(work);
      if (yes !== true) {
        const manifest = await into((postgres) => planRestore(resolve(path), data, postgres));
        return said(shell, false, manifest, `${sizeOf(manifest)} would be restored into ${data}. Add --yes to do it.`);
      }
      const { manifest, findings } = await into((postgres) =>
        restoreBackup(resolve(path), data, evenDamaged === true, postgres),
      );
      for (const each of findings) process.stderr.write(`${findingLine(each)}\n`);
      said(shell, true, manifest, `${sizeOf(manifest)} are restored into ${data}. Start the server there.`);
    });
  backup
    .command('prune')
    .description('remove old backups, and those that did not finish')
    .addOption(yes)
    .action(async ({ yes }: { yes?: true }) => {
      const going = await prunable(folderOf(shell), shell.config().keepBackups, Date.now());
      if (yes === true) await prune(going);
      const names = going.map(({ name }) => name);
      if (shell.json()) return shell.print(JSON.stringify({ done: yes === true, names }));
      if (names.length === 0) return shell.print('There is nothing to remove.');
      shell.print(
        `${names.join('\n')}\n${yes === true ? 'These were removed.' : 'These would be removed. Add --yes to do it.'}`,
      );
    });
}

function list(shell: Shell, backups: readonly Backup[]): void {
  if (shell.json()) shell.print(JSON.stringify(backups));
  else if (backups.length === 0) shell.print('There are no backups here. `driftless-server backup create` makes one.');
  else for (const each of backups) shell.print(backupLine(each));
}

const backupLine = ({ path, manifest }: Backup): string =>
  `${path}\t${manifest ? `${sizeOf(manifest)}, ${formatBytes(manifest.newBytes)} of them new` : 'not whole'}`;

function said(shell: Shell, done: boolean, manifest: BackupManifest, text: string): void {
  shell.print(shell.json() ? JSON.stringify({ done, ...manifest }) : text);
}

function tell(shell: Shell, findings: readonly Finding[], good: string): void {
  for (const each of findings) shell.print(findingLine(each));
  shell.print(findings.length === 0 ? good : `Findings: ${findings.length}. Keep another backup than this one.`);
}

const sizeOf = ({ objects, bytes }: BackupManifest): string => `${objects} stored files (${formatBytes(bytes)})`;

function folderOf(shell: Shell): string {
  const { backups } = shell.config();
  if (backups !== null) return backups;
  throw new ConfigFault('It is not said where backups are. Name their folder with --backups (or DRIFTLESS_BACKUPS).');
}
