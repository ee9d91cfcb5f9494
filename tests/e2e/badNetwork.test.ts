import { describe, expect } from 'vitest';
import { KiB } from '../../shared/bytes.ts';
import { BadNetwork } from './harness/badNetwork.ts';
import type { ControlStatus } from './harness/control.ts';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { writeRandomFile } from './harness/random.ts';
import { differences } from './harness/tree.ts';
import { it } from './harness/twoDevices.ts';
import { pause } from './harness/wait.ts';

/** `DRIFTLESS_NETWORK_ROUNDS=100 DRIFTLESS_NETWORK_SEEDS=a,b,c` for more. */
const ROUNDS = Number(process.env.DRIFTLESS_NETWORK_ROUNDS ?? 3);
const SEEDS = (process.env.DRIFTLESS_NETWORK_SEEDS ?? 'first').split(',');
const FAULTS_A_ROUND = 12;
const BADNESS = 0.35;

/** As a person sees it. */
const SENTENCE = /^[A-Z“][^<>]*\.$/;
const TELLTALE = /<html|DOCTYPE|ECONN|EPIPE|ETIMEDOUT|socket hang up|aborted|undefined|Error:/i;

describe('a network that lets a third of all requests and answers go wrong', () => {
  it.for(SEEDS)(
    'loses nothing, makes no copies and is told of in sentences (seed %s)',
    async (seed, { scene, one, two }) => {
      const network = await BadNetwork.open(scene.server.port, seed);
      scene.relay.target = network.port;
      const told: string[] = [];
      const note = ({ message }: ControlStatus): void => void (message !== null && told.push(message));
      try {
        await Promise.all([one.start(), two.start()]);
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const [device, name] of [
            [one, 'one'],
            [two, 'two'],
          ] as const)
            change(device, name, round);
          network.badness = BADNESS;
          const enough = network.faults + FAULTS_A_ROUND;
          const end = performance.now() + 60_000;
          while (network.faults < enough) {
            expect(performance.now(), 'too few requests').toBeLessThan(end);
            await Promise.all([one.control.syncNow(), two.control.syncNow()]);
            note(await one.control.status());
            note(await two.control.status());
            await pause(20);
          }
          network.badness = 0;
          for (const device of [one, two, one, two]) await device.inSync();
          expect(differences(one.tree(), two.tree())).toEqual([]);
          expect([...one.tree().keys()].filter((path) => path.includes('conflict'))).toEqual([]);
          expect(new Desk(two.path('by one')).listing()[`edited.txt`]).toBe(`one ${round}`);
          expect(new Desk(one.path('by two')).listing()[`edited.txt`]).toBe(`two ${round}`);
        }
        for (const message of new Set(told)) {
          expect(message).toMatch(SENTENCE);
          expect(message).not.toMatch(TELLTALE);
        }
      } finally {
        network.close();
      }
    },
  );
});

/** What one of two people does in a part of the folder that is theirs. */
function change(device: Device, name: string, round: number): void {
  const desk = new Desk(device.path(`by ${name}`));
  const now = Date.now() - 60_000;
  desk.write('edited.txt', `${name} ${round}`, now);
  for (let i = 0; i < 10; i += 1) desk.write(`round ${round}/${i}.txt`, `${name} ${round} ${i}`, now);
  writeRandomFile(desk.path(`large ${round % 2}.bin`), 600 * KiB, `${name} ${round}`);
  if (round === 0) return;
  desk.move(`round ${round - 1}/1.txt`, `round ${round}/moved.txt`);
  desk.move(`round ${round - 1}`, `earlier/round ${round - 1}`);
  desk.remove(`earlier/round ${round - 1}/2.txt`);
}
