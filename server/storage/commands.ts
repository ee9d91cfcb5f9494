import { type Command, Option } from 'commander';
import { formatBytes } from '../../shared/bytes.ts';
import { ConfigFault } from '../config.ts';
import type { Db } from '../db/schema.ts';
import type { Shell } from '../shell.ts';
import type { Migrated } from './migrate.ts';

/** Progress is said this often, in ms. */
const SAY_MS = 1_000;

export interface Held {
  readonly store: string;
  readonly objects: number;
  readonly bytes: number;
}

/** `storage status` and `storage migrate`: where content lies, and how it gets into the bucket. */
export function storageCommands(program: Command, shell: Shell): void {
  const storage = program.command('storage').description('where content lies');
  storage
    .command('status', { isDefault: true })
    .description('how much lies where')
    .action(async () => {
      const held = await shell.withExisting((db) => heldIn(db.read));
      if (shell.json()) return shell.print(JSON.stringify(held));
      for (const { store, objects, bytes } of held) {
        shell.print(`${STORES[store] ?? store}\t${objects} files\t${formatBytes(bytes)}`);
      }
      if (held.length === 0) shell.print('Nothing is stored.');
    });
  storage
    .command('migrate')
    .description('move what lies on the disk into the bucket; cut short, it goes on when it is called again')
    .option('--dry-run', 'only say what would be done, which is also what happens without --yes')
    .addOption(new Option('--yes', 'do it'))
    .action(async ({ dryRun, yes }: { dryRun?: true; yes?: true }) => {
      const { s3, data } = shell.config();
      if (!s3) throw new ConfigFault('No bucket is named. Set S3_BUCKET and what belongs to it as for the server.');
      if (dryRun === true || yes !== true) {
        const held = await shell.withExisting((db) => heldIn(db.read));
        const { objects, bytes } = held.find(({ store }) => store === 'disk') ?? { objects: 0, bytes: 0 };
        if (shell.json()) return shell.print(JSON.stringify({ done: false, objects, bytes }));
        return shell.print(
          `${objects} files (${formatBytes(bytes)}) would be moved into ${s3.bucket}. Add --yes to do it.`,
        );
      }
      const [{ migrate }, { Bucket }, { PATIENCE, Persistence }] = await Promise.all([
        import('./migrate.ts'),
        import('../content/s3/bucket.ts'),
        import('../content/s3/persist.ts'),
      ]);
      const bucket = new Bucket(s3, new Persistence(PATIENCE, (error) => process.stderr.write(`${String(error)}\n`)));
      try {
        const done = await shell.withExisting((db) => migrate({ db, data, bucket, progress: sayNowAndThen() }));
        if (shell.json()) shell.print(JSON.stringify({ done: true, ...done }));
        else shell.print(linesOf(done).join('\n'));
        process.exitCode = done.damaged.length > 0 ? 2 : 0;
      } finally {
        bucket.close();
      }
    });
}

const STORES: Readonly<Record<string, string>> = {
  disk: 'on the disk',
  s3: 'in the bucket',
  waiting: 'on the disk until the bucket takes it',
};

function linesOf({ objects, bytes, thumbnails, damaged, removed, kept }: Migrated): string[] {
  return [
    ...damaged.map((key) => `${key}\tis not as recorded, and stays on the disk`),
    `Moved into the bucket: ${objects} files (${formatBytes(bytes)}), ${thumbnails} thumbnails.`,
    kept ?? `Removed from the disk: ${removed} files.`,
  ];
}

function sayNowAndThen(): (objects: number, bytes: number) => void {
  let said = performance.now();
  return (objects, bytes) => {
    if (performance.now() - said < SAY_MS) return;
    said = performance.now();
    process.stderr.write(`${objects} files, ${formatBytes(bytes)}\n`);
  };
}

export async function heldIn(db: Db): Promise<Held[]> {
  const rows = await db
    .selectFrom('objects')
    .select((eb) => ['store', eb.fn.countAll<number>().as('objects'), eb.fn.sum<number>('size').as('bytes')])
    .groupBy('store')
    .orderBy('store')
    .execute();
  return rows.map(({ store, objects, bytes }) => ({ store, objects: Number(objects), bytes: Number(bytes) }));
}
