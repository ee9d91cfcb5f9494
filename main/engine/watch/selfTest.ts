import { watch } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../ports.ts';

/** Every disk that tells at all does so at once; a busy computer may need a while to listen. */
const PATIENCE_MS = 10_000;

/** What is watched, until the answer is called; replaced in tests by a disk that says nothing. */
export type Listen = (folder: string, onEvent: () => void) => () => void;

const listenTo: Listen = (folder, onEvent) => {
  const watcher = watch(folder, { persistent: false }, onEvent);
  watcher.on('error', () => undefined);
  return () => watcher.close();
};

/**
 * Whether writing a file in this folder is told to who watches it: some network and user-space disks take a watch and
 * then never say a word. Where that cannot be tried the answer is yes, other faults have words of their own.
 */
export async function tellsOfChanges(folder: string, clock: Clock, listen = listenTo): Promise<boolean> {
  const path = join(folder, `watch-test-${process.pid}`);
  const heard = Promise.withResolvers<boolean>();
  let stop: (() => void) | null = null;
  let giveUp = (): void => undefined;
  try {
    stop = listen(folder, () => heard.resolve(true));
    await writeFile(path, '');
    // When nothing ran for so long, the event may lie there already, to be read after this timer.
    giveUp = clock.after(PATIENCE_MS, () => setImmediate(() => heard.resolve(false)));
    return await heard.promise;
  } catch {
    return true;
  } finally {
    giveUp();
    stop?.();
    await rm(path, { force: true }).catch(() => undefined);
  }
}
