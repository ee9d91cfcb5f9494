import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineOptions, SyncSummary } from '../../main/engine/api.ts';
import { createEngine } from '../../main/engine/engine.ts';
import { systemPorts } from '../../main/engine/system.ts';
import { freshUser } from '../server/harness.ts';
import { temporaryFolder } from './hash/temporaryFolder.ts';

const DAY_MS = 86_400_000;

/** One pass with the clock set so far ahead. */
async function pass(options: EngineOptions, jumpedMs: number): Promise<SyncSummary> {
  const { clock } = systemPorts;
  const engine = createEngine(options, { ...systemPorts, clock: { ...clock, now: () => clock.now() + jumpedMs } });
  await engine.open();
  await engine.start();
  expect(await engine.settled(engine.syncNow())).toMatchObject({ state: 'idle' });
  await engine.stop();
  return engine.summary();
}

test.each([400, -400])('clock jump of %i days causes no mass upload and no delete', async (days) => {
  const { server, user } = await freshUser();
  const folder = join(temporaryFolder(), 'folder');
  mkdirSync(folder);
  const file = (i: number): string => join(folder, `${i}.txt`);
  for (let i = 0; i < 100; i += 1) {
    writeFileSync(file(i), `file ${i}`);
    utimesSync(file(i), new Date(), new Date(Date.UTC(2026, 9, 1)));
  }
  const options: EngineOptions = {
    folder,
    stateDir: `${folder} state`,
    serverUrl: server.url,
    token: user.token,
    deviceName: 'Studio',
    allowDeletes: false,
    limitUp: null,
    limitDown: null,
    watch: false,
  };
  expect(await pass(options, 0)).toMatchObject({ uploaded: 100 });
  writeFileSync(file(1), 'edited after the clock had jumped');
  const jumped = await pass(options, days * DAY_MS);
  expect(jumped).toMatchObject({ uploaded: 1, downloaded: 0, deleted: 0, conflicts: 0, problems: 0 });
  expect(await pass(options, 0)).toMatchObject({ uploaded: 0, downloaded: 0, deleted: 0, conflicts: 0, problems: 0 });
});
