import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { EngineOptions, SyncSummary } from '../../main/engine/api.ts';
import { createEngine } from '../../main/engine/engine.ts';
import { freshUser } from '../server/harness.ts';
import { temporaryFolder } from './hash/temporaryFolder.ts';

const DAY_MS = 86_400_000;
const clock = vi.hoisted(() => ({ jumpedMs: 0 }));

vi.mock(import('../../main/engine/system.ts'), async (original) => {
  const module = await original();
  const { systemClock } = module;
  return { ...module, systemClock: { ...systemClock, now: () => systemClock.now() + clock.jumpedMs } };
});

async function pass(options: EngineOptions): Promise<SyncSummary> {
  const engine = createEngine(options);
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
  clock.jumpedMs = 0;
  expect(await pass(options)).toMatchObject({ uploaded: 100 });
  clock.jumpedMs = days * DAY_MS;
  writeFileSync(file(1), 'edited after the clock had jumped');
  expect(await pass(options)).toMatchObject({ uploaded: 1, downloaded: 0, deleted: 0, conflicts: 0, problems: 0 });
  clock.jumpedMs = 0;
  expect(await pass(options)).toMatchObject({ uploaded: 0, downloaded: 0, deleted: 0, conflicts: 0, problems: 0 });
});
