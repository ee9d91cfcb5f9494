import { expect, test } from 'vitest';
import { wholePlan } from './converge.ts';
import { Stage } from './stage.ts';

test('what people say about a file or folder plans nothing', () => {
  const stage = new Stage();
  const { world } = stage;
  const folder = stage.folder('photos');
  const file = stage.file('a.jpg', folder);
  for (const id of [folder, file]) {
    const remote = world.liveRemote(id);
    if (!remote) throw new Error('the node is not there');
    const rev = world.nextRev();
    world.remote.put({ ...remote, metaRev: rev, seq: rev, library: { favourite: true, tags: ['summer'] } });
  }
  expect(wholePlan(world)).toEqual([]);
});

test('a tag keeps no edit and no delete of this device from the server', () => {
  const stage = new Stage();
  const [edited, deleted] = [stage.file('edited.jpg'), stage.file('deleted.jpg')];
  for (const id of [edited, deleted]) {
    const remote = stage.world.liveRemote(id);
    if (!remote) throw new Error('the node is not there');
    const rev = stage.world.nextRev();
    stage.world.remote.put({ ...remote, metaRev: rev, seq: rev, library: { tags: ['summer'] } });
  }
  stage.hands.editLocal(edited);
  stage.hands.deleteLocal(deleted);
  stage.settle();
  expect(stage.paths).toEqual(['edited.jpg']);
});
