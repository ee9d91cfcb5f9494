import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineOptions } from '../../../main/engine/api.ts';
import { createEngine } from '../../../main/engine/engine.ts';
import type { EnginePorts } from '../../../main/engine/ports.ts';
import { systemPorts } from '../../../main/engine/system.ts';
import { type RunningServer, startServer } from '../../../server/index.ts';
import { readTree, type Tree } from '../../e2e/harness/tree.ts';
import { within } from '../../e2e/harness/wait.ts';
import { Client } from '../../server/harness.ts';
import { temporaryFolder } from '../hash/temporaryFolder.ts';
import { Faults, makeFaulty } from './faults.ts';
import { begin, goOn, told } from './story.ts';

/** How many accesses fail in turn, spread over all. DATABASE_ERRORS=all takes every single one, DATABASE_ERRORS=i begins there. */
const SAMPLES = 14;
const CHOSEN = process.env.DATABASE_ERRORS ?? '1';
/** Before a missing file counts as deleted the engine waits: here time passes so much faster. */
const HASTE = 40;
const PATIENCE_MS = 20_000;

let faults: Faults | null = null;

const { clock } = systemPorts;
const began = clock.monotonic();
const wall = clock.now();
const monotonic = (): number => began + (clock.monotonic() - began) * HASTE;
const ports: EnginePorts = {
  ...systemPorts,
  clock: {
    ...clock,
    now: () => wall + (monotonic() - began),
    monotonic,
    after: (ms, callback) => clock.after(ms / HASTE, callback),
  },
  openState: (stateDir) => {
    const opened = systemPorts.openState(stateDir);
    if (faults) makeFaulty(opened.db, faults);
    return opened;
  },
};

/** One pass of an engine over a folder: `in sync`, or why not. */
async function pass(options: EngineOptions): Promise<string> {
  const engine = createEngine(options, ports);
  try {
    await engine.open();
    await engine.start();
    const settled = engine.settled(engine.syncNow());
    const { state, problems, message } = await within('the engine to settle or to halt', settled, PATIENCE_MS);
    return state === 'idle' && problems === 0 ? 'in sync' : `${state}, ${problems} problems, ${message}`;
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith('waited')) throw error;
    return error.message;
  } finally {
    await engine.stop();
  }
}

interface End {
  readonly folder: Tree;
  readonly server: readonly string[];
  readonly met: boolean;
}

/** The whole story with one fault in it; after it the engine is started again. */
async function tell(server: RunningServer, directory: string, fault: Parameters<Faults['expect']>[0]): Promise<End> {
  const { token } = await server.addUser(basename(directory));
  const client = new Client(server.url, token);
  const folder = join(directory, 'folder');
  mkdirSync(folder, { recursive: true });
  const options: EngineOptions = {
    folder,
    stateDir: join(directory, 'state'),
    serverUrl: server.url,
    token,
    deviceName: 'Studio',
    allowDeletes: false,
    limitUp: null,
    limitDown: null,
    watch: false,
  };
  let met = false;
  const untilInSync = async (): Promise<void> => {
    const ending = await pass(options);
    if (ending === 'in sync') return;
    // An error of its database is no defect of the program.
    expect(ending).not.toContain('report this');
    met ||= faults?.met ?? false;
    faults?.expect(null);
    expect(await pass(options)).toBe('in sync');
  };
  faults?.expect(fault);
  await begin(folder, client);
  await untilInSync();
  await goOn(folder, client);
  await untilInSync();
  met ||= faults?.met ?? false;
  return { folder: readTree(folder), server: await told(client), met };
}

test('database error at the i-th access, for every i: after a restart it ends as without', async () => {
  const directory = temporaryFolder();
  const server = await startServer({ data: join(directory, 'server'), port: 0, logLevel: 'silent' });
  try {
    const counting = new Faults();
    faults = counting;
    const whole = await tell(server, join(directory, 'whole'), null);
    expect([...whole.folder.keys()].filter((path) => path.includes('conflict'))).toEqual([]);
    const last = counting.accesses;
    const stride = CHOSEN === 'all' ? 1 : Math.ceil(last / SAMPLES);
    let missed = 0;
    for (let at = Number(CHOSEN) || 1, n = 0; at <= last; at += stride, n += 1) {
      const code = n % 2 === 0 ? 'SQLITE_FULL' : 'SQLITE_IOERR';
      const fault = { at, code, stays: n % 4 < 2 } as const;
      const which = `access ${at} of ${last} failed with ${code}`;
      const { met, ...end } = await tell(server, join(directory, `${at}`), fault).catch((cause: unknown) => {
        throw new Error(which, { cause });
      });
      expect(end, which).toEqual({
        folder: whole.folder,
        server: whole.server,
      });
      if (!met) missed += 1;
    }
    // The number of accesses varies a little with the timing of transfers.
    expect(missed, `faults of ${last / stride} that were not met`).toBeLessThan(last / stride / 4);
  } finally {
    faults = null;
    await server.close();
  }
}, 1_800_000);
