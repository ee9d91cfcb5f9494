import { FolderSyncs, type LocalDisk } from './local/localDisk.ts';

/**
 * Makes it durable that these files have their names. Otherwise a power cut could take back what brought new content under
 * a name, such as half of a swap, after the server was told of it: the old content, which meanwhile nobody but this disk
 * and a version on the server has, would look like one that was overwritten elsewhere. Throws DiskError.
 */
export async function settleNames({ fs }: LocalDisk, paths: readonly string[]): Promise<void> {
  const syncs = new FolderSyncs(fs);
  for (const path of paths) syncs.addParentOf(path);
  await syncs.flush();
}
