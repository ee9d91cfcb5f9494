import { expect, it } from 'vitest';
import { Scene } from './harness.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
it('probe', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one'); const two = scene.device('two');
  fillMixedFolder(one.folder, 2000, 'x');
  for (const d of [one, one, one, two, two, one, two]) { scene.relay.reset(); const s = await d.mustSync(); console.log(d === one ? 'one' : 'two', scene.relay.up, scene.relay.down, scene.relay.requests, JSON.stringify(s)); }
  expect(1).toBe(1);
});
