import { rm } from 'node:fs/promises';
import { type Backup, listBackups } from './layout.ts';

/** An unfinished backup may be one that is being made; after so long, in ms, it is not. */
const UNDER_WAY_MS = 24 * 3_600_000;

/** The backups that would go so that the `keep` newest whole ones stay, oldest first. */
export async function prunable(folder: string, keep: number, now: number): Promise<Backup[]> {
  const all = await listBackups(folder);
  const whole = all.filter(({ manifest }) => manifest !== null);
  const surplus = new Set(whole.slice(0, Math.max(0, whole.length - keep)));
  return all.filter((backup) => (backup.manifest ? surplus.has(backup) : begunAt(backup) < now - UNDER_WAY_MS));
}

export async function prune(backups: readonly Backup[]): Promise<void> {
  for (const { path } of backups) await rm(path, { recursive: true, force: true });
}

const begunAt = ({ name }: Backup): number =>
  Date.parse(name.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/, 'T$1:$2:$3.$4Z'));
