import { type Command, Option } from 'commander';
import { formatBytes } from '../../shared/bytes.ts';
import { ConfigFault } from '../config.ts';
import type { Shell } from '../shell.ts';
import { ClamdUnreachable } from './clamd.ts';
import { rescan, type Suspicion, trashInfected } from './rescan.ts';

/** `rescan`: whether what is stored is clean still, by what the scanner knows today. */
export function screeningCommands(program: Command, shell: Shell): void {
  program
    .command('rescan')
    .description('have the virus scanner look at everything that is stored; exit code 2: it has found something')
    .option('--trash', 'put infected files into the trash of their owners')
    .addOption(new Option('--yes', 'do it; without it, only what would be done is said'))
    .action(async ({ trash, yes }: { trash?: true; yes?: true }) => {
      const { screening } = shell.config();
      if (screening.clamav === null) {
        throw new ConfigFault('No virus scanner is named. Name the socket or the host:port of clamd in CLAMAV.');
      }
      const { at } = screening.clamav;
      const looked = { objects: 0, bytes: 0 };
      const found: Suspicion[] = [];
      let trashed = 0;
      await shell.withStores(async (db, stores) => {
        try {
          for await (const suspicion of rescan(db.read, stores, at, looked)) {
            found.push(suspicion);
            if (!shell.json()) shell.print(lineOf(suspicion));
            if (trash === true && yes === true) trashed += await trashInfected(db.write, suspicion);
          }
        } catch (error) {
          if (!(error instanceof ClamdUnreachable)) throw error;
          throw new ConfigFault('The virus scanner cannot be reached. Start clamd, then try again.');
        }
      });
      if (shell.json()) shell.print(JSON.stringify({ ...looked, found, trashed }));
      else {
        shell.print(
          `Looked at stored objects: ${looked.objects} (${formatBytes(looked.bytes)}), found: ${found.length}.`,
        );
        if (trashed > 0) shell.print(`Put into the trash: ${trashed}.`);
        else if (trash === true && yes !== true && found.length > 0)
          shell.print('Add --yes to put them into the trash.');
      }
      process.exitCode = found.length > 0 ? 2 : 0;
    });
}

function lineOf({ userId, key, verdict, files }: Suspicion): string {
  const what = verdict.type === 'infected' ? verdict.signature : `could not be looked into: ${verdict.why}`;
  const where = files.length > 0 ? files.map(({ name }) => name).join(', ') : 'only in the trash or an earlier version';
  return [what, where, key, userId].join('\t');
}
