import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFilesystem } from '../../main/engine/disk/nodeFilesystem.ts';
import { openFolder } from '../../main/engine/folder.ts';
import { openState } from '../../main/engine/store/database.ts';
import { State } from '../../main/engine/store/state.ts';
import { random } from './scan/folder.ts';

it('says in words that the disk is full', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-folder-'));
  const state = new State(openState(join(folder, 'state')));
  onTestFinished(() => {
    state.close();
    rmSync(folder, { recursive: true });
  });
  const full = {
    ...nodeFilesystem,
    writeText: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  };
  await expect(openFolder(full, random, folder, state)).rejects.toMatchObject({
    name: 'EngineError',
    code: 'folder-not-writable',
    message: expect.stringContaining('There is no room left on the disk'),
  });
});
