import { beforeEach, describe, expect, test } from 'vitest';
import { closure } from '../../../main/engine/plan/closure.ts';
import { plan } from '../../../main/engine/plan/plan.ts';
import { Look } from '../../../main/engine/plan/trees.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { expectAgreement } from './agreement.ts';
import { Agenda } from './converge.ts';
import { Stage } from './stage.ts';

const FILES = 5_000;

let stage: Stage;
let folder: NodeId;

beforeEach(() => {
  stage = new Stage();
  folder = stage.folder('big');
  for (let n = 0; n < FILES; n += 1) stage.file(`${n}`, folder);
  stage.world.takeChanges();
});

/** Plans what changed, as the engine does; tells how many rows that read. */
function planChanges() {
  const { world } = stage;
  const { ids, places } = world.takeChanges();
  const before = world.reads;
  const look = new Look(world.trees);
  const scope = closure(look, ids, places);
  const planned = plan(look, scope, { device: 'Studio' });
  return { scope, planned, reads: world.reads - before };
}

/** Carries out all that is ready, again and again; tells how many rows planning read. */
function work(): number {
  const { world } = stage;
  let reads = 0;
  const counted = <T>(read: () => T): T => {
    const before = world.reads;
    const value = read();
    reads += world.reads - before;
    return value;
  };
  const agenda = counted(() => new Agenda(world));
  for (let ready = agenda.ready; ready.length > 0; ready = agenda.ready) {
    for (const operation of ready) world.apply(operation);
    counted(() => agenda.update());
  }
  expectAgreement(world);
  return reads;
}

describe(`with ${FILES} files in a folder`, () => {
  test.each(['local', 'remote'] as const)(
    'renaming the folder (%s) plans one operation and reads next to nothing',
    (side) => {
      stage.hands.on(side).move(folder, { parentId: null, name: 'bigger' });
      const { planned, reads } = planChanges();
      expect(planned.map(({ operation }) => operation.kind)).toEqual([side === 'local' ? 'moveRemote' : 'moveLocal']);
      expect(reads).toBeLessThan(100);
    },
  );

  test.each(['local', 'remote'] as const)('a new file (%s) reads next to nothing', (side) => {
    stage.hands.on(side).create('file', { parentId: folder, name: 'new' }, stage.hands.newContent(), true);
    const { planned, reads } = planChanges();
    expect(planned).toHaveLength(1);
    expect(reads).toBeLessThan(100);
  });

  test('deleting the folder here plans one delete and reads each row a few times', () => {
    stage.hands.deleteLocal(folder);
    const { planned, reads } = planChanges();
    expect(planned).toEqual([
      expect.objectContaining({ operation: expect.objectContaining({ kind: 'trashRemote', files: FILES }), after: [] }),
    ]);
    expect(reads).toBeLessThan(12 * FILES);
  });

  test('deleting the folder there deletes file after file, and reads each row a few times', () => {
    stage.hands.deleteRemote(folder);
    expect(work()).toBeLessThan(20 * FILES);
  });

  test('files that trade places all around are planned without walking the ring for each', () => {
    const nodes = stage.world.local.children(folder);
    for (const [i, node] of nodes.entries()) {
      const { parentId, name } = nodes[(i + 1) % nodes.length] ?? node;
      stage.world.local.put({ ...node, parentId, name, diskName: name });
    }
    const { planned, reads } = planChanges();
    expect(planned.filter(({ after }) => after.length === 0)).toHaveLength(1);
    expect(reads).toBeLessThan(10 * FILES);
  });
});
