import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderWatcher } from '../../../main/engine/watch/folderWatcher.ts';
import { temporaryFolder } from '../hash/temporaryFolder.ts';

test('what is listed to be watched are folders alone, so that no file is looked at', async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'file'), 'x');
  symlinkSync('file', join(root, 'link'));
  const watcher = new FolderWatcher(root, {});
  try {
    const listed = watcher.createScanStream(root);
    const names: string[] = [];
    for await (const { basename } of listed ?? []) names.push(basename);
    expect(names).toEqual(['folder']);
  } finally {
    await watcher.close();
  }
});
