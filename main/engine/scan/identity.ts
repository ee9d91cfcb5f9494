import { type DiskStat, sameChange } from '../model.ts';

/**
 * Whether two looks saw the same file or folder, wherever it lay: device, inode and birth time. Inodes are given out
 * again, so where the disk tells no birth time the size and mtime must agree besides. A file with several names has no
 * identity: any of them may be the one that moved.
 */
export function sameIdentity(a: DiskStat, b: DiskStat): boolean {
  if (a.kind !== b.kind || a.ino !== b.ino || a.dev !== b.dev || a.birthNs !== b.birthNs) return false;
  if (a.kind === 'file' && (a.links !== 1 || b.links !== 1)) return false;
  return a.birthNs !== 0n || (a.mtimeNs === b.mtimeNs && a.size === b.size);
}

/** Whether a folder on the root's disk is still the one seen before: its times change with everything inside. */
export const sameFolder = (before: DiskStat, now: DiskStat): boolean =>
  before.kind === 'folder' && now.kind === 'folder' && before.ino === now.ino && before.birthNs === now.birthNs;

/** Whether a file's bytes may be taken for those hashed at the earlier look. */
export function sameBytes(before: DiskStat, now: DiskStat): boolean {
  return (
    before.kind === 'file' &&
    now.kind === 'file' &&
    before.size === now.size &&
    before.mtimeNs === now.mtimeNs &&
    before.ino === now.ino &&
    before.birthNs === now.birthNs &&
    sameChange(before, now)
  );
}

/** Whether there is nothing to record: a folder's own times change with everything inside and mean nothing. */
export function sameRecord(before: DiskStat, now: DiskStat): boolean {
  if (before.kind !== now.kind || before.ino !== now.ino || before.dev !== now.dev || before.birthNs !== now.birthNs) {
    return false;
  }
  if (now.kind === 'folder') return now.birthNs !== 0n || before.mtimeNs === now.mtimeNs;
  return (
    before.size === now.size &&
    before.mtimeNs === now.mtimeNs &&
    before.changeNs === now.changeNs &&
    before.links === now.links &&
    before.executable === now.executable
  );
}
