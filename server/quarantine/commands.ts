import { type Command, Option } from 'commander';
import type { QuarantinedFile } from '../../shared/api/quarantine.ts';
import { formatBytes } from '../../shared/bytes.ts';
import { ConfigFault } from '../config.ts';
import { isServed } from '../dataFolder.ts';
import type { Db } from '../db/schema.ts';
import { Refusal } from '../refusal.ts';
import type { Shell } from '../shell.ts';
import { listQuarantine, quarantined } from './list.ts';
import { forget, free } from './settle.ts';

/** What an administrator decides about files that were refused for what is in them. The server carries it out. */
export function quarantineCommands(program: Command, shell: Shell): void {
  const quarantine = program.command('quarantine').description('files that were refused for what is in them');
  quarantine
    .command('list', { isDefault: true })
    .description('list them, the newest first')
    .action(async () => {
      const files = await shell.withExisting((db) => everything(db.read));
      if (shell.json()) return shell.print(JSON.stringify(files));
      for (const { id, userName, name, size, why, at, released } of files) {
        const when = new Date(at).toISOString();
        shell.print([id, when, userName, name, formatBytes(size), why, released ? 'released' : 'kept'].join('\t'));
      }
      if (files.length === 0) shell.print('Nothing is in quarantine.');
    });
  quarantine
    .command('release <id>')
    .description('put a file where it was meant to go, and let the same content of its owner in from now on')
    .action((id: string) => decide(id, free, (name) => `"${name}" is released`));
  quarantine
    .command('delete <id>')
    .description('delete a file for good; of one that was released, look at the same content again')
    .addOption(new Option('--yes', 'do it; without it, only what would be done is said'))
    .action((id: string, { yes }: { yes?: true }) =>
      yes === true
        ? decide(id, forget, (name) => `"${name}" is deleted`)
        : decide(
            id,
            async () => undefined,
            (name) => `"${name}" would be deleted. Add --yes to do it`,
          ),
    );

  async function decide(id: string, work: (db: Db, id: string) => Promise<void>, said: (name: string) => string) {
    const file = await shell.withExisting(async (db) => {
      try {
        const found = await quarantined(db.read, id);
        await work(db.write, id);
        return found;
      } catch (error) {
        throw error instanceof Refusal ? new ConfigFault(error.message) : error;
      }
    });
    if (shell.json()) return shell.print(JSON.stringify(file));
    const when = isServed(shell.config().data) ? 'within a minute' : 'when the server starts';
    const sentence = said(file.name);
    shell.print(sentence.includes('--yes') ? `${sentence}.` : `${sentence} ${when}.`);
  }
}

async function everything(db: Db): Promise<QuarantinedFile[]> {
  const all: QuarantinedFile[] = [];
  for (let before: string | undefined; ; ) {
    const { files, next } = await listQuarantine(db, { before, limit: 500 });
    all.push(...files);
    if (next === null) return all;
    before = next;
  }
}
