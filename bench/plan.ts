import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '../main/headless/tuning.ts';
import { v7 as uuidv7 } from 'uuid';
import { Agenda } from '../main/engine/agenda.ts';
import { CloudOnly } from '../main/engine/cloudOnly/cloudOnly.ts';
import { DeleteGuard } from '../main/engine/guard.ts';
import { Lanes, laneOf } from '../main/engine/lanes.ts';
import { ControlLoop } from '../main/engine/loop.ts';
import type { LocalNode } from '../main/engine/model.ts';
import { openState } from '../main/engine/store/database.ts';
import { State } from '../main/engine/store/state.ts';
import { systemPorts } from '../main/engine/system.ts';
import type { ContentId, NodeId } from '../shared/ids.ts';

const USAGE = `npm run bench:plan -- [options]
  --nodes 200000      nodes in the state, 500 a folder
  --samples 50        changes of each kind`;

const NODES_A_FOLDER = 500;

const { values: flags } = parseArgs({
  options: {
    nodes: { type: 'string', default: '200000' },
    samples: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}
const nodes = Number(flags.nodes);
const samples = Number(flags.samples);
const stateDir = mkdtempSync(join(tmpdir(), 'driftless-plan-'));
const files: LocalNode[] = [];
let turned: () => void = () => undefined;

fill();
const state = new State(openState(stateDir));
try {
  const began = cpuMs();
  const unsettled = state.unsettled().length;
  console.log(
    `${nodes} nodes; that ${unsettled} are not agreed on took ${(cpuMs() - began).toFixed(0)} ms of CPU to find out`,
  );
  const loop = idleLoop();
  await measure('a file was edited', (node) =>
    state.local.put({ ...node, stat: { ...node.stat, mtimeNs: 5n }, contentId: null }),
  );
  await measure('a file was moved', (node) => state.local.put({ ...node, parentId: null }));
  await measure('a file is new', (node) =>
    state.local.put({ ...node, id: uuidv7() as NodeId, name: `new ${node.name}`, contentId: null }),
  );
  await measure('a file is gone', (node) => state.local.remove(node.id));
  loop.stop();

  /** From a change in a tree to the end of the turn that has planned it and begun what can be done. */
  async function measure(what: string, change: (node: LocalNode) => void): Promise<void> {
    const times: number[] = [];
    const cpu: number[] = [];
    for (const node of files.splice(0, samples)) {
      const begun = performance.now();
      const cpuBegun = cpuMs();
      const turn = new Promise<void>((resolve) => {
        turned = resolve;
      });
      state.transaction(() => change(node));
      loop.wake();
      await turn;
      times.push(performance.now() - begun);
      cpu.push(cpuMs() - cpuBegun);
    }
    console.log(`${what.padEnd(18)} ${middleAndMost(times)}; CPU ${middleAndMost(cpu)}`);
  }
} finally {
  state.close();
  rmSync(stateDir, { recursive: true });
}

function middleAndMost(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `median ${middle.toFixed(1)} ms, at most ${(sorted.at(-1) ?? 0).toFixed(1)} ms`;
}

/** Of the processor, in ms: other work on the machine hardly counts. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** All of it agreed on, on both sides. A state of its own, so that nothing of it is in memory when measuring begins. */
function fill(): void {
  const filling = new State(openState(stateDir));
  let parentId: NodeId | null = null;
  for (let begin = 0; begin < nodes; begin += NODES_A_FOLDER) {
    filling.transaction(() => {
      parentId = agree(filling, null, `folder ${begin}`, 'folder', begin).id;
      for (let n = begin + 1; n < Math.min(nodes, begin + NODES_A_FOLDER); n += 1) {
        const node = agree(filling, parentId, `file ${n}`, 'file', n);
        if (n % Math.ceil(nodes / (samples * 4)) === 1) files.push(node);
      }
    });
    filling.log.clear();
  }
  filling.close();
  while (files.length < samples * 4) files.push(...files.slice(0, samples * 4 - files.length));
}

function agree(into: State, parentId: NodeId | null, name: string, kind: 'file' | 'folder', n: number): LocalNode {
  const id = uuidv7() as NodeId;
  const contentId = kind === 'file' ? (n.toString(16).padStart(64, '0') as ContentId) : null;
  const size = kind === 'file' ? 10 : 0;
  const shared = {
    id,
    kind,
    parentId,
    name,
    contentId,
    size,
    mtimeMs: 0,
    executable: false,
    contentRev: n + 1,
    placeRev: n + 1,
  };
  const stat = {
    kind,
    size,
    mtimeNs: 0n,
    ino: BigInt(n + 1),
    dev: 1n,
    birthNs: 1n,
    changeNs: 0n,
    links: 1,
    executable: false,
  };
  const local = { id, kind, parentId, name, diskName: name, stat, contentId, missingSince: null };
  into.local.put(local);
  into.remote.show([{ ...shared, state: 'live', metaRev: n + 1, seq: n + 1, confirmed: false }], n + 1);
  into.synced.put(shared);
  return local;
}

/** A loop whose work never ends, so that only planning is measured. */
function idleLoop(): ControlLoop {
  const { clock, random } = systemPorts;
  const fail = (error: unknown): void => {
    throw error;
  };
  return new ControlLoop({
    state,
    cloudOnly: new CloudOnly(state),
    agenda: new Agenda(laneOf),
    lanes: new Lanes(() => new Promise(() => undefined), fail),
    guards: { local: new DeleteGuard(), remote: new DeleteGuard() },
    clock,
    random,
    device: 'bench',
    mayStart: () => true,
    observed: () => true,
    hurried: () => true,
    react: () => undefined,
    changed: () => undefined,
    turned: () => turned(),
    onDefect: fail,
  });
}
