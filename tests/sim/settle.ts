import type { EngineStatus } from '../../main/engine/api.ts';
import { difference, lost, needlessCopy, serverTree, treeOf } from './invariants.ts';
import type { World } from './world.ts';

/** Steps within which a round must come to rest. */
const ROUND_STEPS = 100_000;
const MOST_ROUNDS = 12;

export type Failure = { readonly rule: string; readonly what: string };

/**
 * Lets everybody come to rest: all faults end, everyone is asked to sync until a round changes nothing. Answers what is
 * wrong then; undefined: all is well.
 */
export async function settle(world: World): Promise<Failure | undefined> {
  await world.untilPeopleRest();
  world.heal();
  if (!(await world.until(() => allRun(world), ROUND_STEPS))) {
    const failed = world.devices.find(({ engine }) => engine === null);
    return {
      rule: 'every engine starts',
      what: failed?.defect ?? failed?.refusal?.message ?? 'an engine did not start',
    };
  }
  return comeToRest(world);
}

/** Starts everybody anew, `how` they were left; nothing may come of it. */
export async function startAnew(world: World, how: 'killed' | 'forgetful'): Promise<Failure | undefined> {
  const { server, devices } = world;
  const before = server.seq;
  const trees = devices.map(treeOf);
  for (const device of how === 'killed' ? devices : devices.slice(0, 1)) {
    if (how === 'killed') device.kill();
    else device.forget();
  }
  const failure = (await settle(world)) ?? judge(world);
  if (failure) return failure;
  const rule = how === 'killed' ? 'a new start changes nothing' : 'a lost database changes nothing';
  for (const [i, device] of devices.entries()) {
    const unequal = difference(trees[i] ?? new Map(), treeOf(device), ['it before', 'it after']);
    if (unequal !== undefined) return { rule, what: `${device.name}: ${unequal}` };
  }
  return server.seq === before ? undefined : { rule, what: `the server went from ${before} to ${server.seq}` };
}

/** Who was refused, because the server was away at the first start or the disk was full, is started again. */
function allRun({ devices }: World): boolean {
  for (const device of devices) {
    const code = device.refusal?.code;
    if (code === 'server-unreachable' || code === 'folder-not-writable') device.start();
  }
  return devices.every(({ engine }) => engine !== null);
}

async function comeToRest(world: World): Promise<Failure | undefined> {
  for (let round = 1; ; round += 1) {
    const before = fingerprint(world);
    const failure = await syncOnce(world);
    if (failure) return failure;
    if (fingerprint(world) === before) return undefined;
    if (round === MOST_ROUNDS) return { rule: 'comes to rest', what: `still changing after ${MOST_ROUNDS} rounds` };
  }
}

/** Of everything that syncing again must not change. */
function fingerprint({ server, devices }: World): string {
  return `${server.seq} ${devices.map(({ disk }) => disk.changes).join(' ')}`;
}

async function syncOnce(world: World): Promise<Failure | undefined> {
  const open = new Set<string>();
  const ask = (device: World['devices'][number]): void => {
    const { engine } = device;
    if (!engine) return;
    open.add(device.name);
    void engine.settled(engine.syncNow()).then((status: EngineStatus) => {
      open.delete(device.name);
      if (status.state === 'waiting') {
        engine.approveDeletes();
        ask(device);
      }
    });
  };
  for (const device of world.devices) ask(device);
  if (!(await world.until(() => open.size === 0, ROUND_STEPS))) {
    const stuck = world.devices.filter(({ name }) => open.has(name));
    const how = stuck.map(({ name, engine }) => `${name} ${JSON.stringify(engine?.status())}`);
    return { rule: 'comes to rest', what: `not at rest after ${ROUND_STEPS} steps: ${how.join(', ')}` };
  }
  return undefined;
}

/** What has to be true at rest. */
export function judge(world: World): Failure | undefined {
  const { devices, server, ledger } = world;
  for (const { name, defect, engine } of devices) {
    if (defect !== null) return { rule: 'nothing is thrown', what: `${name}: ${defect}` };
    const status = engine?.status();
    if (status?.state === 'halted') return { rule: 'nothing is thrown', what: `${name}: ${status.message ?? ''}` };
  }
  const tree = serverTree(server);
  for (const device of devices) {
    const unequal = difference(tree, treeOf(device), ['the server', device.name]);
    if (unequal !== undefined) {
      const problems = JSON.stringify(device.engine?.problems());
      return { rule: 'all trees are equal', what: `${unequal}\nproblems of ${device.name}: ${problems}` };
    }
  }
  const missing = lost(ledger, tree, devices, server);
  if (missing !== undefined) return { rule: 'nothing is lost', what: missing };
  const copy = needlessCopy(tree, ledger);
  if (copy !== undefined) return { rule: 'no conflict copy of equal bytes', what: copy };
  for (const { name, engine } of devices) {
    const problems = engine?.problems() ?? [];
    if (problems.some(({ code }) => code !== 'same-name'))
      return { rule: 'no problem is left', what: `${name}: ${JSON.stringify(problems)}` };
  }
  return undefined;
}
